"""Adjectives and adverbs by what they go with."""

from __future__ import annotations

__all__ = [
    "ADJECTIVES", "ADJECTIVE_COMPLEMENTS", "CLAUSE_ADJECTIVES", "DEGREE", "DIRECTION", "FREQUENCY", "MANNER",
    "MATERIALS", "NATIONALITIES", "SENTENCE_ADVERBS", "TO_ADJECTIVES",
]  # fmt: skip

ADJECTIVES: dict[str, str] = {
    "people": """
        young old tall short happy sad angry friendly rude polite nice kind honest smart clever stupid lazy busy tired
        hungry thirsty rich poor famous brave shy quiet loud funny serious strong weak sick healthy professional
        helpful knowledgeable experienced talented beautiful handsome pretty cute cool crazy wonderful great good bad
        amazing lovely careful patient generous loyal curious nervous calm proud lonely bored excited worried confused
        surprised scared interested disappointed satisfied pleased upset married single pregnant blind deaf dead alive
        responsible reliable efficient courteous attentive caring caring gentle humble ignorant arrogant mean selfish
        greedy ambitious independent intelligent elderly former local foreign new wealthy innocent guilty dangerous
        dear sweet skilled qualified certified accommodating welcoming outgoing charming evil desperate jealous
        concerned armed wounded civilian senior junior homeless unemployed retired disabled gifted trained dedicated
        incompetent dishonest unprofessional clueless unhappy outstanding thorough personable compassionate competent
        grateful passionate creative energetic mature fellow native religious conservative liberal radical moderate
        prominent influential powerful respected ordinary average typical real true own favorite fat thin slim blonde
        involved impressed committed obsessed focused amazed devoted determined embarrassed exhausted frustrated
        annoyed depressed thrilled stunned shocked relieved prepared lost stuck finished done gone ill alert
        amused anxious ashamed athletic attractive awkward bald bitter bossy brainy brutal candid cautious
        cheerful chubby civil clumsy cold cowardly credible cruel cynical delighted devout diligent diplomatic
        discreet dumb eager earnest eccentric educated elegant eloquent enthusiastic exuberant fearless feisty
        fierce fit forgetful frail frightened furious fussy gloomy gracious grumpy gullible harmless helpless
        hesitant hilarious hopeful hostile idle impatient impulsive inexperienced insane insecure invisible
        irritated jolly joyful lame lenient likable merciless moody naive neurotic noble obedient obnoxious
        optimistic outspoken overweight pathetic perceptive persistent pessimistic playful poised posh pragmatic
        privileged productive prompt pushy reckless reluctant resourceful restless ruthless sane sarcastic savvy
        sensible sensitive sincere skeptical sleepy sloppy sober sociable spiteful spontaneous stingy stubborn
        superstitious suspicious sympathetic tactful talkative tense thankful thoughtful timid tolerant tough
        unaware unbiased uncomfortable unfriendly unhelpful unreliable uptight vain versatile vicious vigilant
        violent vulnerable weary wicked witty worthy youthful
        """,
    "animal": """
        big small little young old wild tame hungry cute playful friendly dangerous sick healthy stray lost noisy fast
        slow lazy fat furry fluffy beautiful adorable aggressive gentle poisonous rare domestic male female exotic
        sleepy calm energetic tiny huge loyal smart newborn
        """,
    "thing": """
        new old big small large little tiny huge heavy light cheap expensive broken useful useless nice pretty beautiful
        ugly clean dirty dusty wet dry hot cold warm hard soft sharp strong solid modern antique simple complex
        plain fancy colorful bright dark red blue green yellow black white brown orange purple pink gray golden silver
        round square flat long short wide narrow thick thin deep empty full open loose tight smooth rough sticky
        portable digital electric electronic automatic manual custom perfect defective faulty fragile original fake
        genuine used free available missing safe dangerous decent excellent terrible horrible awful great
        good bad amazing fantastic awesome quality top standard normal regular extra different similar same familiar
        strange odd weird special unique rare common ordinary wooden plastic metallic lightweight durable affordable
        handmade homemade rusty shiny transparent flexible adjustable entire whole spare main real favorite
        reasonable inexpensive compact mini wireless mobile comfortable
        adequate advanced aesthetic airtight artificial authentic bulky complete conventional convenient crooked
        crude dated decorative delicate detachable disposable dull effective efficient elaborate elastic expired
        exquisite faded flammable flawless foldable functional glossy gorgeous hazardous hollow identical
        impractical inferior innovative intact invaluable invisible jagged loud luxurious marvelous obsolete
        opaque oval padded patented polished practical precious premium priceless primitive prototype reusable
        ripped rugged sealed seamless shallow silent sleek slick slippery sophisticated spectacular steady
        sturdy superb superior swollen tangled torn ultimate unbreakable unreliable upright vertical vivid
        washable waterproof worthless worn
        """,
    "device": "fast slow wireless digital smart reliable compatible secure handy remote virtual outdated",
    "meal": """
        delicious tasty fresh hot cold spicy sweet sour bitter salty bland rich healthy homemade vegetarian vegan raw
        cooked fried grilled baked roasted greasy dry burnt frozen good great excellent amazing awful terrible
        disgusting cheap expensive overpriced big small huge light heavy favorite traditional authentic creamy crispy
        tender juicy wonderful perfect decent mediocre average yummy stale organic local fantastic awesome
        acidic appetizing buttery chewy chilled crunchy crusty edible exotic filling flaky flavorful fluffy
        fruity garlicky gooey hearty inedible irresistible lukewarm mushy nutritious nutty oily peppery pickled
        ripe rotten rubbery satisfying savory seasonal smoked smoky soggy spoiled steamed sugary tangy tasteless
        tough undercooked unhealthy vile watery zesty
        """,
    "place": """
        big small large little tiny huge old new modern beautiful ugly clean dirty quiet noisy crowded empty busy safe
        dangerous cheap expensive cozy comfortable spacious dark bright cold warm hot popular famous local nearby
        distant remote public private central downtown urban rural historic ancient lovely nice great good bad terrible
        wonderful amazing fantastic awesome perfect ideal open closed peaceful pleasant charming elegant
        luxurious classy trendy upscale shabby northern southern eastern western coastal industrial residential
        entire whole different same favorite convenient gorgeous stunning disgusting filthy rundown renovated
        overpriced clean authentic vibrant main tropical sunny foggy snowy scenic
        abandoned accessible adjacent airy bustling chaotic congested deserted dim diverse drafty eerie
        exclusive fertile festive fortified grand hip hospitable humid idyllic immaculate inland inviting
        isolated lively majestic messy mountainous musty neighboring nearest occupied overcrowded picturesque
        polluted prestigious prosperous quaint remodeled rough rustic sacred secluded secure serene sleepy
        spotless spectacular stuffy superb tidy tranquil unsafe vacant vast volatile wooded welcoming
        """,
    "group": """
        large small local national international global foreign private public federal military political religious
        Islamic medical financial commercial independent corporate major leading big new powerful successful famous
        friendly professional reputable responsible secret rival entire whole interim joint regional legal democratic
        communist socialist conservative liberal radical bankrupt joint nonprofit royal elite official armed
        aggressive ancient bilateral clandestine competent corrupt diverse efficient established ethnic
        extremist governmental greedy humanitarian influential insolvent multinational neutral nomadic notorious
        paramilitary parliamentary profitable prominent reliable respected sectarian secular tribal unanimous
        unified united urban volunteer wealthy
        """,
    "event": """
        big small great good bad terrible horrible awful wonderful amazing fantastic exciting boring fun long short
        brief annual weekly monthly daily special important major minor serious successful recent final first last next
        previous upcoming future past early late public private political military historic memorable unforgettable
        unexpected sudden tragic fatal violent peaceful formal informal casual quick fast endless whole entire local
        international national ongoing scheduled surprise outdoor free regular illegal nuclear severe massive
        bloody catastrophic ceremonial charitable chaotic commemorative cultural deadly disastrous dramatic
        eventful extravagant fierce frequent grand heated hectic horrific impressive inaugural intense joint
        joyful lavish lively mandatory marvelous musical mutual nasty occasional opening parallel preliminary
        prolonged romantic rough solemn spectacular spontaneous stormy stressful superb tense thrilling tiring
        unfortunate unpleasant wild
        """,
    "idea": """
        good bad great terrible new old big small important major minor serious simple complex complicated difficult
        easy hard possible impossible real true false right wrong clear obvious main basic general specific particular
        common different similar same strange weird odd interesting boring brilliant stupid crazy ridiculous silly
        political economic social legal moral ethical religious cultural personal private public professional medical
        technical scientific historical practical theoretical philosophical logical rational reasonable fair unfair
        positive negative popular controversial critical crucial essential necessary urgent potential likely unlikely
        alternative additional final initial only key primary current recent present previous future original
        traditional modern fundamental significant huge enormous tremendous total complete absolute perfect excellent
        valid wise wonderful best natural global national local international radical creative
        useful useless helpful dangerous strong weak possible vague mutual standard related relevant
        abstract absurd accidental adverse ambitious ambiguous analytical arbitrary bizarre bold broad causal
        coherent comprehensive compelling conceptual concrete conditional confidential consistent constructive
        contradictory contrary convincing cosmetic counterproductive decisive deliberate desirable dire
        disastrous distinct dubious effective elementary eternal evident exclusive explicit external faulty
        feasible flawed foolish foremost fruitful futile genuine grave hypothetical identical ideological
        immense imminent implicit inadequate incredible inevitable informal inherent innovative insane intense
        internal intriguing irrelevant legitimate lengthy limited literal marginal meaningful minimal misguided
        moderate multiple mysterious narrow neutral notable objective obscure ongoing optional outdated overdue
        peculiar permanent persistent plausible pointless precise preliminary premature profound prudent
        questionable rapid realistic reckless redundant reliable remarkable respective rigid risky robust sacred
        selective shocking sole solid spiritual static steady strategic striking subsequent substantial subtle
        suitable superficial symbolic tactical tentative tricky trivial unacceptable unanimous underlying undue
        unfounded universal unprecedented unrealistic unusual vast verbal viable vital vulgar widespread
        worthwhile
        """,
    "text": """
        long short new old interesting boring funny sad useful important official formal personal final original
        detailed brief attached weekly daily monthly public recent first latest next last wrong correct revised
        signed legal complete incomplete updated confidential following enclosed annual entire great good bad
        anonymous classic popular digital online positive negative
        """,
    "media": """
        new old great good bad terrible awful funny boring classic famous popular beautiful live final first latest
        exciting sad romantic scary weird original favorite entertaining epic brilliant
        """,
    "money": """
        high low monthly annual total extra additional big small huge reasonable fair average outrageous final full
        """,
    "quality": """
        great good bad high low real true public private excellent poor amazing basic physical mental human social
        economic political military national personal professional complete total absolute deep strong further legal
        modern financial better growing increasing medical technical international natural nuclear mutual exceptional
        abundant artificial civil collective commercial cultural domestic emotional environmental external inner
        intellectual internal judicial maximum minimal moral outstanding parental racial rare regional
        remarkable renewable solar spiritual sufficient superb supreme tremendous ultimate universal unlimited
        utter verbal visual
        """,
    "stuff": """
        fresh clean dirty cheap expensive good bad new old hot cold pure raw free extra organic foreign real fake
        """,
    "clothing": """
        new old nice clean dirty cheap expensive red blue green black white brown pink casual formal comfortable tight
        loose warm cute ugly stylish elegant wet fancy designer vintage
        """,
    "vehicle": """
        new old used fast slow red blue black white cheap expensive big small reliable broken electric rental safe
        """,
    "body": """
        left right big small long short sore broken swollen blue brown strong weak bare injured beautiful blond
        curly
        """,
    "illness": "bad serious severe chronic terrible mild nasty rare common acute awful minor deadly contagious painful",
    "plant": "tall small beautiful green dead dry wild tropical fresh young old native poisonous",
    "time": "long short whole entire early late beautiful cold hot nice lovely busy",
    "act": """
        good bad quick fast slow great terrible wise small big final new long short brief sudden immediate direct
        free special serious strong recent public wrong right smart major simple prompt formal official generous
        unilateral
        """,
    "field": "modern basic advanced ancient applied contemporary classical professional",
    "sky": "bright dark full clear blue cold strong beautiful warm heavy",
    "art": "new old great good bad terrible awful funny boring classic famous popular beautiful live romantic scary",
}
"""Kind -> adjectives that describe its nouns."""

NATIONALITIES = """
    American British Canadian Mexican French German Italian Spanish Portuguese Dutch Swedish Norwegian Danish Finnish
    Russian Polish Ukrainian Greek Turkish Israeli Palestinian Egyptian Iraqi Iranian Syrian Lebanese Saudi Pakistani
    Indian
    Chinese Japanese Korean Vietnamese Thai Indonesian Australian African European Asian Arab Latin Western Jewish
    Christian
    Muslim Catholic Shiite Sunni Kurdish Afghan Cuban Brazilian Argentine Irish Scottish Swiss Austrian Hungarian
    Buddhist
    Hindu Hispanic Soviet Victorian Mediterranean Caribbean Protestant Republican Democratic Texan Persian
"""

MATERIALS = (
    "leather cotton silk gold silver metal plastic steel glass paper wool stone rubber iron wood copper brick concrete"
)

ADJECTIVE_COMPLEMENTS = """
    people | of+people | proud afraid tired jealous fond aware scared sick
    people | of+idea | aware proud afraid tired fond certain capable sure sick
    people | with+people | happy angry friendly honest patient familiar
    people | with+thing | happy pleased disappointed satisfied impressed unhappy familiar
    people | about+affair | happy worried excited nervous sad angry sorry curious concerned upset serious passionate
    people | at+field | good bad great terrible
    people | in+field | interested involved skilled
    people | for+affair | ready responsible sorry grateful
    people | to+people | nice kind rude mean polite loyal close grateful
    people | with+idea | happy comfortable unhappy wrong
    place | to+place | close similar
    place | of+people | full
    place | for+people | perfect safe great ideal good
    place | for+event | perfect available famous great
    thing | for+people | good bad perfect useful available safe dangerous
    thing | to+people | available useful familiar
    idea | to+people | important clear obvious similar
    idea | from+idea | different
    thing | from+thing | different
"""

TO_ADJECTIVES = "happy ready able glad willing afraid eager sorry likely unable lucky excited proud free sure surprised"
"""What people can be "to do" something."""

CLAUSE_ADJECTIVES = """
    clear obvious true possible good great sad strange important likely unlikely weird nice surprising funny necessary
    amazing terrible interesting unfortunate crucial odd apparent impossible wrong ridiculous amusing
"""
"""What it can be that something is so, or to do something."""

MANNER = """
    quickly slowly carefully quietly loudly easily badly well hard fast politely happily angrily sadly nervously
    suddenly immediately properly correctly completely clearly directly secretly openly honestly seriously gently
    alone together again away twice safely perfectly beautifully efficiently regularly separately successfully
    automatically personally promptly patiently closely freely privately publicly peacefully thoroughly individually
    differently accurately professionally aggressively gradually smoothly manually repeatedly somehow early late
    straight better faster strongly deeply greatly literally daily overnight right nicely poorly briefly enough
    bravely calmly cheerfully cleverly confidently creatively cruelly deliberately desperately eagerly elegantly
    enthusiastically faithfully fiercely firmly frankly generously gladly gracefully gratefully greedily harshly hastily
    heavily hopelessly humbly impatiently independently innocently instantly intelligently intensely kindly lazily
    legally
    lightly logically lovingly loyally magically mysteriously naturally neatly oddly painfully passively physically
    powerfully practically precisely proudly randomly rapidly readily recklessly reluctantly respectfully rudely
    selfishly
    sharply shyly silently sincerely skillfully softly specifically steadily strangely strictly stupidly sweetly swiftly
    tenderly tightly tirelessly unexpectedly unfairly vaguely violently warmly weakly wildly willingly wisely
"""

FREQUENCY = """
    always usually often sometimes never rarely really also still already just probably actually certainly finally only
    definitely simply even frequently currently generally normally easily occasionally quickly never just also
    eventually hardly barely apparently obviously constantly possibly clearly seldom soon now then
    later reportedly basically honestly personally truly absolutely necessarily kindly
"""
"""What stands right before a verb."""

PAST_ADVERBS = (
    "recently originally initially finally eventually previously suddenly immediately quickly then once already"
)
"""What stands right before a verb that tells of the past."""

DEGREE = """
    very really so too quite pretty extremely incredibly fairly rather somewhat totally absolutely completely
    surprisingly
    particularly especially slightly highly truly super almost always still just relatively reasonably very very so too
    unbelievably terribly awfully equally way insanely overly perfectly entirely
"""
"""What stands before an adjective."""

MORE = "much far even slightly no any somewhat way"
"""What stands before a comparative."""

SENTENCE_ADVERBS = """
    however unfortunately luckily fortunately actually maybe perhaps then now so also finally honestly obviously
    apparently suddenly clearly sadly basically therefore meanwhile today first second instead otherwise still thus
    eventually additionally furthermore moreover overall afterwards nevertheless hopefully personally surprisingly
    anyway again later once besides nonetheless secondly lastly similarly specifically ultimately consequently hence
    indeed recently currently generally usually sometimes seriously plus here there
"""

LATE = """
    again too together now anyway alone already though instead forever soon later then first again too now
    right_away as_well right_now here there so_far once more up out back in down off over on around
"""
"""What stands at the end of a clause."""

WHERE = """
    here there home everywhere nearby anywhere inside outside online abroad upstairs downtown somewhere elsewhere here
    there
    out_there over_there right_here back_here down_there
"""

PREDICATIVE = (
    "here there home away back out up down over in off together everywhere around outside upstairs online nearby"
)
"""Adverbs that something can be."""

DIRECTION = (
    "back home away here there out in up down upstairs downstairs inside outside abroad north south forward around over"
)
"""Adverbs that one can go."""

MOTION = "go come walk run drive fly move travel return hurry swim ride head get"
"""Verbs of moving."""

CIRCUMSTANCES = """
    with+people with+people with+people for+people for+people for+people from+people at+event at+event during+event
    during+event
    after+event after+event before+event before+event since+event until+event throughout+event because_of+mishap
    because_of+illness
    because_of+idea due_to+mishap for+event for+act with+object with+object without+object without+people
    without+stuff with+stuff
    like+person like+people like+idea as+person as+person as+act to+place to+people instead_of+object
    instead_of+people despite+mishap despite+idea according_to+people
    according_to+document
    in+document through+group via+device on+device on+device regarding+idea about+idea including+people except+people
    against+group
    under+idea based_on+document along_with+people in+act of+quality in+quality with+quality towards+people by+vehicle
"""
"""Prepositional phrases that say how, for whom, why."""

ATTRIBUTES = {
    "person": "from+place from+place at+place in+place with+body with+object in+clothing behind+act of+quality",
    "kin": "from+place in+place with+illness",
    "group": "in+place of+people from+place near+place for+people",
    "animal": "in+place from+place with+body",
    "place": "in+place near+place near+place with+object for+people on+place outside+place at+place of+people",
    "event": "to+place in+place at+place with+people about+idea for+people for+people on+idea after+event",
    "mishap": "in+place near+place at+place",
    "idea": "to+people about+people with+object for+act of+act behind+act in+place with+people for+people for+people",
    "act": "to+place to+idea of+object by+people to+people from+people in+quality with+people",
    "document": "to+people about+idea from+people for+people on+idea to+people about+people of+people for+people",
    "art": "about+people by+people from+place with+people about+mishap",
    "object": "in+place on+object from+people for+people with+object without+object of+stuff",
    "food": "with+food from+place with+stuff without+stuff of+stuff",
    "money": "for+object for+people on+object from+group of+money",
    "device": "with+object from+group for+people on+device",
    "clothing": "from+place for+people with+body",
    "vehicle": "from+place with+object in+place",
    "quality": "of+people in+place for+people about+idea",
    "stuff": "from+place in+place on+object",
    "illness": "in+body",
    "plant": "in+place",
    "body": "of+people",
}
"""Kind -> prepositional phrases that say which one is meant."""

IDIOMS = """
    of course|on the way|at work|at home|at school|in fact|for sure*|in general*|in particular*|a lot|a bit|a lot|for
    free*|
    on time|in time|at least*|at first*|at last*|in person|by mistake|on purpose|by accident|in town|on vacation|in
    advance|
    for fun|in public*|in private*|on foot|by car|by bus|for lunch|for dinner|in bed|at night|at night|in return|in
    the meantime|
    in charge|on sale|on board|by far*|in part|for example|for instance|at the same time|in a hurry|at the moment|for
    a while|
    in the end|by the way|on the phone|on the internet|in the world|to the point|in the future|from the beginning
"""
"""Set prepositional phrases; a star marks an adjective used as a noun."""

SUBORDINATORS = (
    "because because because if if if while although though since after before until unless once as as like like"
)
GERUND_SUBORDINATORS = "by by without after before for while in on since with from"
