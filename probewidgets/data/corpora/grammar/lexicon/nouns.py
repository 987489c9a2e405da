"""Common nouns by what they mean, so that verbs and adjectives can choose the ones that they go with."""

from __future__ import annotations

__all__ = ["COMPOUNDS", "FAMILIES", "MASS", "NOUNS", "OF_NOUNS", "PLURAL_ONLY"]

NOUNS: dict[str, str] = {
    "person": """
        accountant actor actress adult agent architect artist assistant athlete author baker banker barber bartender
        boss
        bride buyer candidate captain carpenter cashier chef child citizen client coach colleague consultant cook cop
        customer dancer dealer dentist designer director doctor driver editor electrician employee employer engineer
        expert farmer fighter firefighter friend gardener general guest guide guy girl boy groom hairdresser host hunter
        intern inspector janitor journalist judge kid lady landlord lawyer leader librarian man manager mayor mechanic
        member minister musician neighbor nurse officer operator organizer owner painter partner passenger patient
        pharmacist photographer pilot player plumber poet police_officer politician president priest prisoner producer
        professor programmer realtor receptionist reporter representative resident roommate runner sailor salesman
        scientist secretary seller senator singer soldier speaker specialist stranger student stylist supervisor surgeon
        tailor teacher technician teenager tenant therapist thief tourist trader trainer translator traveler user vet
        veteran victim visitor voter waiter waitress winner witness woman worker writer youth volunteer critic
        ambassador analyst activist attorney clerk contractor diplomat economist historian immigrant investigator
        investor militant miner negotiator observer physician planner protester rebel refugee regulator scholar
        spokesman spokeswoman suspect terrorist commander governor insider outsider fan loser hero villain beginner
        newcomer local foreigner grad freshman kid babysitter nanny groomer breeder rider cyclist swimmer hiker
        """,
    "kin": """
        aunt baby boyfriend brother cousin dad daughter ex father fiance girlfriend grandfather grandma grandmother
        grandpa
        grandson granddaughter husband mom mother nephew niece parent sister son uncle wife spouse relative twin stepson
        """,
    "group": """
        agency airline army association band bank board brand bureau chain charity church city class club college
        commission
        committee community company council country court crew department embassy faction family firm franchise gang
        government group hospital industry institute institution jury militia ministry navy network newspaper office
        organization panel parliament party police_department practice press provider public publisher regime restaurant
        school senate society staff startup state store supplier team trade_union tribe union unit university vendor
        dealership insurer manufacturer opposition coalition corporation crowd majority minority population force
        """,
    "animal": """
        alligator ant bear bee bird bull butterfly camel cat chicken cow crab deer dog dolphin donkey dragon duck eagle
        elephant fish fly fox frog goat goldfish goose hamster hawk horse insect kitten lamb lion lizard monkey mosquito
        mouse owl panda parrot penguin pet pig pigeon pony puppy rabbit rat rooster seal shark sheep snail snake spider
        squirrel swan tiger turkey turtle whale wolf worm zebra ferret guinea_pig reptile mammal creature breed kitty
        """,
    "food": """
        apple appetizer bagel banana bean biscuit breakfast brunch burger burrito cake candy carrot cereal cheeseburger
        cherry chip cookie cupcake curry dessert dinner dish donut dumpling egg entree fries grape hamburger lemon
        lobster
        lunch mango meal melon muffin mushroom noodle nut omelette onion orange pancake pasta peach pear pepper pickle
        pie
        pineapple pizza potato pretzel pudding pumpkin roll salad sandwich sauce sausage snack soup steak strawberry
        taco
        tomato topping treat vegetable waffle wrap wing special shrimp oyster roast pastry buffet
        """,
    "drink": "beer cocktail coffee drink espresso latte lemonade martini milkshake smoothie soda tea wine shot cider",
    "object": """
        alarm bag ball ballon basket battery bell blade blanket bottle bowl box brick broom brush bucket button cage
        camera
        candle card chain charger clock coin comb container cord crown cup curtain disc doll drum fence filter flag
        flashlight flower fork gift glass glove guitar gun hammer handle helmet hook instrument jar jewel key kit knife
        ladder lamp lens light lighter lock machine map mask match medal mirror model mug nail necklace needle ornament
        package pan paint pedal pen pencil piano pillow pipe plate pot present pump purse puzzle racket ring rope rug
        sail
        scale screw shell shovel sign spoon stamp stick sticker stone string suitcase switch sword tank tape tent ticket
        tile tool toothbrush towel toy tray trophy tube umbrella vase wallet watch weapon wheel whistle wire missile
        bomb
        bullet rifle grenade diamond leash collar crate fridge freezer stove oven microwave dishwasher washer
        dryer heater fan vacuum bed bench bookcase cabinet carpet chair couch cushion desk drawer furnace mattress sofa
        shelf table toilet tub sink faucet seat stool sculpture statue painting product item gadget part piece
        antique bracelet diaper stroller crib pole board
        """,
    "device": """
        app application backup browser cable calculator cartridge cell_phone chip computer console copier database
        desktop
        device disk download drive driver email engine file folder gadget keyboard laptop link lens memory_card modem
        monitor
        network app password phone plug_in printer processor program projector radio remote router scanner screen server
        site smartphone software_package speaker system tablet telephone television tv toolbar tripod upgrade virus
        web_site
        webcam website window zoom computer_system interface plugin platform
        """,
    "clothing": """
        belt blouse boot bra cap coat costume dress gown hat hoodie jacket jersey outfit robe sandal scarf shirt shoe
        skirt
        slipper sneaker sock suit sweater sweatshirt tie uniform vest backpack heel sleeve
        """,
    "vehicle": """
        airplane ambulance bicycle bike boat bus cab canoe car carriage cart cruiser ferry flight helicopter jeep jet
        limousine minivan moped motorcycle plane raft ride rocket scooter ship shuttle sled sports_car submarine subway
        taxi tractor trailer train tram truck van yacht vessel suv
        """,
    "document": """
        advertisement agreement announcement answer application article attachment autobiography ballot bill biography
        blog
        book booklet brochure cartoon catalog certificate chapter chart check column comic comment complaint contract
        copy dictionary directory document draft editorial essay excerpt fax flyer form guideline handbook headline
        invitation invoice journal label letter license list magazine manual manuscript map memo menu message newsletter
        note notebook notice novel page pamphlet paper paragraph passage passport password petition photo photograph
        picture play poem post poster prescription presentation quiz quote reading receipt recipe record
        reference reply report request resume review schedule script sentence sheet signature spreadsheet statement
        story
        subscription summary survey syllabus text textbook thesis thread transcript translation treaty update version
        visa
        warning warrant webpage word proposal analysis drawing diagram questionnaire testimonial disclaimer
        """,
    "art": """
        album anthem ballad cartoon clip comedy concert dance documentary drama episode film movie musical opera
        painting
        performance recording scene series show sitcom song soundtrack tune video novel poem story joke game lyric
        channel
        """,
    "place": """
        airport alley apartment aquarium area attic avenue backyard bakery balcony bar barbershop barn base basement
        bathroom beach bedroom block bookstore border bridge building cabin cafe campground camp campus casino castle
        cathedral ceiling cellar cemetery center chapel cinema clinic closet coast condo corner corridor cottage
        counter courtyard deck deli desert diner district dock dorm downtown driveway elevator entrance exit facility
        factory farm field fireplace floor forest garage garden gate grocery ground gym hall hallway harbor
        headquarters highway hill hostel hotel house inn intersection island jail kennel kitchen laboratory lake land
        landmark lane laundromat lawn library lobby location lot lounge mall mansion market meadow monastery monument
        mosque motel mountain museum neighborhood nightclub ocean office park parking_lot path patio pharmacy place
        plant
        plaza pond pool port porch prison province pub ranch region resort river road roof room route salon school
        shelter shop shore shrine sidewalk site spa spot square stadium stage stairway station street studio suburb
        suite supermarket swamp temple theater theatre tower town track trail tunnel valley venue village vineyard
        wall warehouse waterfall yard zone zoo terminal bay canal cave cliff continent embassy compound territory
        """,
    "body": """
        ankle arm back beard bone brain breast cheek chest chin ear elbow eye eyebrow face finger fist foot forehead
        hair
        hand head heart heel hip jaw kidney knee leg lip liver lung mouth muscle nail neck nerve nose palm rib shoulder
        skin skull spine stomach tail throat thumb toe tongue tooth wrist paw
        """,
    "illness": """
        ache allergy bite bruise burn cancer cold cough cut disease fever flu headache infection injury pain rash scar
        seizure stroke symptom tumor wound disorder virus cavity
        """,
    "event": """
        anniversary appointment auction award battle birthday campaign celebration ceremony championship class
        competition conference contest convention cruise date debate demonstration discussion election event exam
        examination exhibition experiment festival fight funeral game graduation hearing holiday honeymoon inspection
        interview investigation journey launch lecture lesson match meeting operation outing parade party performance
        picnic pregnancy procedure protest race rally reception rehearsal retreat reunion sale season seminar session
        shower surgery test tour tournament training trial trip vacation visit vote walk wedding weekend workshop
        """,
    "mishap": """
        accident arrest attack bombing crash crisis disaster earthquake emergency explosion fire flood hurricane
        incident invasion kidnapping murder raid riot shooting shutdown storm strike tsunami war wreck epidemic famine
        drought scandal collapse robbery theft blackout
        """,
    "act": """
        act action adjustment answer apology approach attempt break call change chat cleaning comparison contribution
        conversation cut deal decision delay delivery demand donation effort exchange favor fix greeting guess
        guarantee help
        increase installation introduction joke laugh lie look mistake move offer order payment plan promise purchase
        question reaction reduction refund repair reply request rescue reservation response return review ride run
        sacrifice search selection service smile sleep solution speech start step stop suggestion switch talk
        threat transfer treatment trick try turn use visit wait warning wash workout bid cancellation
        claim commitment compromise consideration departure development discovery discount estimate evaluation expansion
        explanation extension hike improvement merger option participation preparation prosecution recommendation
        recovery reform registration removal replacement restriction revision settlement shift submission support
        """,
    "idea": """
        advantage aim alternative ambition argument aspect assumption attitude basis belief benefit case category cause
        challenge chance choice concept concern condition consequence crisis detail difference difficulty
        direction discipline doubt dream effect element error example exception excuse expectation experience fact
        factor
        fault feature feeling flaw function goal habit idea ideology impression influence intention interest issue item
        kind lesson limit loss matter meaning method motive mystery need norm obstacle occasion opinion
        opportunity option outcome pattern perspective philosophy point policy position possibility preference principle
        priority problem process project proof prospect purpose quality question rate reason relationship
        requirement resolution responsibility result right risk role rule secret sense situation skill source
        standard strategy strength style success suspicion symbol talent task technique tendency theme
        theory thing thought topic tradition trait trend trouble truth type value view vision way weakness wish
        code concession constraint deadline dilemma doctrine formula incentive law lifestyle mission myth
        perception phenomenon precedent procedure sort stance status subject system threat tip tool
        mindset stereotype downside plus bonus drawback hassle pleasure nightmare joy delight disappointment rip_off
        """,
    "money": """
        account bill bonus budget charge cost credit_card debt deposit expense fee fine fund insurance_policy
        interest_rate
        investment loan mortgage payment penalty pension premium price profit purchase rent salary saving tax tip wage
        bargain coupon deal discount refund rebate stake share stock bond asset commodity contract revenue
        """,
    "quality": """
        ability absence accuracy age anger anxiety atmosphere attention authority awareness balance beauty behavior care
        character charm comfort communication confidence courage creativity culture customer_service danger death
        democracy depth design discipline education efficiency electricity energy entertainment environment equality
        evil experience faith fame fear freedom friendship fun happiness hate health height history honesty hope housing
        humor hygiene importance independence independence inflation information innocence inspiration
        integrity intelligence interest justice kindness knowledge labor language leadership length life loneliness love
        luck management marriage motivation nature parking patience peace performance pleasure
        poverty power presence pressure pride privacy production professionalism progress protection punishment quality
        quiet reality recognition relief religion research respect safety satisfaction security self_esteem service
        silence sleep space speed spirit strength stress success support taste technology temperature
        terrorism time transportation trust truth unemployment value violence wealth weight wisdom work youth
        corruption cooperation compliance coverage aid access evidence advice feedback growth immigration legislation
        liability membership opposition occupation ownership policy politics publicity racism resistance
        sovereignty stability training transmission treatment unity variety
        """,
    "stuff": """
        air alcohol aluminum bacon beef blood bread butter cash cement cheese chocolate clay cloth clothing coal
        concrete
        copper corn cotton cream crude_oil dirt dust equipment fabric flour food fruit fur furniture garbage garlic
        gas gasoline glass gold grass gravel ham hardware hay heat heroin honey ice ice_cream ink iron jam jewelry juice
        junk ketchup laundry leather lettuce luggage mail makeup meat medicine medication metal milk money mud music
        mustard news oil oxygen paint paper pasta plastic pork powder rain rice rock rubber rust salt sand seafood
        shampoo
        silk silver skin smoke snow soap software soil spinach steel stuff sugar sunlight sushi sweat tea timber toast
        tobacco traffic trash uranium vinegar waste water wax weed wheat whiskey wine wood wool yogurt merchandise
        homework housework paperwork food produce salmon tuna gear sunshine lighting decor wifi data
        """,
    "field": """
        accounting acting advertising agriculture algebra anatomy anthropology archaeology architecture art astronomy
        baking baseball basketball biology bowling boxing business camping chemistry chess cooking cricket cycling
        dancing economics engineering fashion finance fishing football gambling gardening geography geology golf grammar
        gymnastics hiking hockey hunting journalism karate law linguistics literature marketing math mathematics
        medicine
        music nursing painting philosophy photography physics poetry poker politics programming psychology reading
        real_estate
        running sailing science shopping singing skating skiing soccer sociology statistics surfing swimming teaching
        tennis theology travel volleyball weightlifting wrestling writing yoga
        """,
    "verdict": """
        gift surprise disappointment bargain steal mess waste joke disaster success failure treat mistake winner
        problem choice
        option favorite must deal nightmare dream pleasure blessing shame risk joy hit bonus lifesaver gem dump scam
        miracle
        help challenge relief bore thing fact place sign classic beauty monster legend
        """,
    "time": """
        afternoon century day decade evening hour minute moment month morning night second semester week weekend
        year
        """,
    "sky": """
        breeze cloud fog moon planet rainbow shadow sky star storm sun sunrise sunset thunderstorm weather wind
        comet orbit
        """,
    "plant": """
        bush cactus daisy fern flower herb leaf lily oak palm pine plant rose seed shrub tree tulip vine weed lawn
        """,
}
"""Kind -> its nouns; `_` stands for the space inside a compound."""

MASS = {"quality", "stuff", "field"}
"""Kinds whose nouns take no article and no plural."""

PLURAL_ONLY: dict[str, str] = {
    "clothing": "jeans pants shorts glasses sunglasses pajamas clothes trousers tights",
    "object": "scissors headphones belongings supplies goods tools binoculars",
    "food": "leftovers groceries veggies",
    "idea": "specifics odds basics logistics",
    "money": "earnings savings funds taxes expenses sales",
    "place": "surroundings outskirts premises restrooms stairs",
    "person": "folks people troops authorities police",
    "group": "forces officials media",
    "kin": "parents kids grandparents",
}
"""Nouns that are used (here) in the plural only."""

FAMILIES: dict[str, str] = {
    "people": "person person kin",
    "agent": "person person group",
    "thing": "object object device clothing vehicle document",
    "creature": "person kin animal",
    "text": "document",
    "media": "art document",
    "meal": "food food drink",
    "affair": "event act idea mishap",
    "abstract": "idea idea act quality",
    "concern": "idea money illness event mishap",
    "any": """
        object object place place idea idea event food document person person stuff device act act art money vehicle
        group clothing animal field quality
        """,
}
"""A family name -> the kinds that it may stand for; the more often named, the likelier."""

OF_NOUNS: dict[str, str] = {
    "any": "kind sort type variety list number lack range choice selection lot couple series amount supply collection",
    "place": "edge end middle center side top bottom front back rest part south north outside history map owner view",
    "people": "group generation number majority couple crowd friend name team opinion support",
    "stuff": "piece bit pound bottle bag box cup gallon pile smell amount glass slice ton barrel price",
    "meal": "plate bowl taste smell piece slice pair half couple cup price order",
    "event": "end beginning start day time result rest cost date part middle",
    "mishap": "victim aftermath cause day result memory risk time scene history danger",
    "idea": "part cause result explanation understanding list source sense question discussion",
    "group": "member head president leader chairman director founder side policy size decision interest role",
    "document": "copy page version draft title author cover end rest part section",
    "art": "version title star director fan end beginning",
    "device": "price size version model brand quality speed back",
    "money": "percent portion rest amount level part half",
    "vehicle": "back front price driver owner model",
    "body": "back side size",
    "quality": "level lack amount sign feeling sense degree standard source kind importance",
    "object": "pair set price color size shape bottom side set",
    "clothing": "pair size color price",
    "animal": "owner group breed species pair picture life",
    "field": "history study knowledge",
    "plant": "bunch row",
    "act": "kind cost result reason",
}
"""Kind -> nouns that take "of" and a noun of this kind."""

COMPOUNDS = """
    parking lot|phone number|phone call|credit card|hotel room|customer service|front desk|swimming pool|wedding dress|
    dog food|cat food|fish tank|living room|dining room|waiting room|bus stop|train station|gas station|police officer|
    health insurance|life insurance|insurance company|oil company|oil price|energy market|power plant|gas price|home
    page|
    web site|web page|email address|search engine|computer screen|car dealer|car wash|car rental|tire shop|auto shop|
    body shop|repair shop|coffee shop|pizza place|sandwich shop|wine list|ice cream|chicken soup|chocolate cake|apple
    pie|
    fish tank|cell phone|phone company|phone bill|conference room|conference call|board meeting|staff meeting|job
    interview|
    business plan|business trip|business card|sales tax|income tax|interest rate|exchange rate|price increase|stock
    market|
    stock price|trade deal|peace process|peace talk|war crime|car bomb|suicide bomber|prison camp|death penalty|birth
    date|
    birthday party|birthday cake|dinner party|football team|football game|baseball bat|tennis court|golf course|
    high school|summer camp|school bus|school board|law firm|law school|law enforcement|court case|court order|
    government official|security guard|security force|election campaign|election result|opinion poll|news story|
    news conference|newspaper article|book review|movie theater|movie star|music video|rock band|air force|air
    conditioner|
    air conditioning|plane ticket|flight attendant|travel agent|travel agency|tour guide|tour bus|road trip|boat ride|
    ski resort|beach house|apartment building|office building|office manager|project manager|store manager|bank account|
    savings account|bank manager|staff member|family member|family doctor|heart attack|blood test|blood pressure|
    brain surgery|root canal|side effect|stomach problem|skin care|hair color|nail salon|hair salon|wood floor|
    kitchen table|garage door|front door|back yard|light bulb|water bottle|water heater|washing machine|leather jacket|
    cotton shirt|wedding ring|gift shop|gift card|price range|price tag|question mark|time zone|time frame|lunch break|
    lunch time|night shift|day care|weekend trip|winter coat|summer job|research project|data center|data set|
    software update|operating system|user name|memory card|video camera|video game|hard drive|space shuttle|
    rescue team|task force|action plan|trading desk|trading floor|contract price|credit risk|risk management|
    market share|market price|gas pipeline|pipeline company|power company|energy company|energy policy|deal size|
    guinea pig|pet store|animal hospital|vet bill|puppy food|horse race|child care|baby shower|mother board|
    pasta dish|taco stand|steak house|burger joint|sushi bar|sushi place|bar tender|delivery guy|delivery driver
"""
"""Noun-noun compounds, written as they are typed; the first noun modifies the second."""
