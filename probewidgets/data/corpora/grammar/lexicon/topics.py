"""Topics that people write about: for each the nouns that come up most, by kind, so that a sentence hangs together."""

from __future__ import annotations

__all__ = ["TOPICS"]

TOPICS: dict[str, dict[str, str]] = {
    "food": {
        "person": "waiter waitress chef customer owner cook bartender server manager friend guest",
        "group": "restaurant staff place chain family party",
        "food": """
            pizza burger salad sandwich soup dinner lunch breakfast steak dessert fries taco pasta meal sauce menu
            cake dish
            """,
        "object": "table plate bowl fork glass menu oven knife chair cup",
        "place": "restaurant kitchen bar cafe place diner deli bakery patio parking_lot spot",
        "event": "dinner party brunch date lunch birthday wedding buffet",
        "idea": "experience taste choice option price flavor quality problem thing reason recommendation favorite",
        "stuff": "food rice chicken meat cheese bread seafood sushi wine water coffee ice_cream beef",
        "quality": "service quality atmosphere food customer_service",
        "document": "menu review bill order recipe check",
        "money": "price bill tip check",
    },
    "work": {
        "person": "manager boss employee colleague client lawyer assistant director customer consultant analyst trader",
        "group": "company team department office board group firm committee bank staff agency",
        "document": """
            contract report document email letter agreement draft memo file invoice attachment form list schedule
            message
            """,
        "event": "meeting conference interview presentation call deadline training workshop session lunch",
        "idea": """
            project plan issue question problem idea change proposal decision point comment deal schedule process
            issue detail
            """,
        "device": "computer phone system fax printer laptop server database email file",
        "object": "desk file phone key card package copy folder",
        "place": "office building room desk floor lobby warehouse site headquarters",
        "money": "salary budget cost bonus contract price payment fee expense",
        "act": "request change decision call review offer response approval order transaction",
        "time": "week month day afternoon morning hour year",
    },
    "news": {
        "person": """
            president minister official soldier leader spokesman politician reporter judge protester senator general
            critic
            """,
        "group": """
            government army party police court council country parliament administration coalition military ministry
            union
            """,
        "mishap": "war attack bombing crisis strike riot explosion invasion shooting scandal earthquake",
        "event": "election vote summit campaign talk debate protest hearing trial conference",
        "idea": "policy plan law right issue threat decision position strategy peace reason problem demand charge",
        "act": "attack decision statement speech announcement withdrawal investigation vote reform",
        "place": "city country region border capital town province base village prison embassy area",
        "object": "weapon gun bomb missile flag",
        "document": "report statement law article treaty constitution letter editorial bill story",
        "quality": "security democracy violence terrorism power freedom support peace justice oil",
        "stuff": "oil aid evidence gas news information money intelligence",
        "money": "tax fund price budget debt oil_price",
    },
    "travel": {
        "person": "tourist guide driver traveler passenger guest pilot friend host receptionist",
        "place": """
            hotel beach city airport museum island mountain park room street lake town country river hostel station
            resort
            """,
        "vehicle": "plane bus train car taxi boat bike ship cab ferry flight",
        "object": "bag suitcase ticket map camera key passport bed",
        "event": "trip tour vacation cruise flight visit journey weekend festival holiday",
        "idea": "place idea view experience way chance plan deal option price advice",
        "document": "passport ticket visa map guide reservation brochure schedule",
        "food": "breakfast dinner lunch buffet",
        "money": "price cost fare fee",
        "sky": "weather sun wind rain",
        "group": "hotel airline agency family company group",
    },
    "pets": {
        "animal": "dog cat puppy kitten bird rabbit snake hamster fish horse rat parrot lizard turtle pet mouse ferret",
        "person": "vet owner breeder trainer kid friend neighbor child groomer",
        "object": "cage collar toy bowl leash box tank bed bag ball crate",
        "place": "house shelter yard park vet_clinic room garden pet_store farm kennel",
        "body": "tail ear leg paw eye tooth fur head nose",
        "illness": "infection allergy disease virus wound parasite",
        "idea": "problem question breed behavior idea habit name advice thing",
        "stuff": "food water meat medicine hay litter fur",
        "food": "treat food carrot apple egg fish",
        "group": "family shelter clinic",
    },
    "home": {
        "kin": "mother father son daughter wife husband brother sister mom dad grandmother uncle baby cousin",
        "person": "friend neighbor kid child plumber landlord roommate guest babysitter contractor electrician",
        "object": "bed table chair sofa door window lamp light box carpet key mirror stove fridge washer bottle clock",
        "place": "house kitchen apartment room garden bathroom yard garage street basement home roof bedroom",
        "event": "party wedding birthday dinner weekend visit holiday christmas_party game",
        "idea": "life problem reason idea thing way story dream name secret",
        "clothing": "dress shirt coat shoe jacket hat sweater",
        "animal": "dog cat",
        "food": "dinner cake breakfast soup pie cookie",
        "money": "rent bill loan mortgage",
        "act": "move call visit help repair talk work run walk look",
    },
    "shop": {
        "person": "customer mechanic dealer salesman owner clerk technician manager cashier guy seller buyer",
        "group": "store company shop dealership garage business staff",
        "vehicle": "car truck bike van motorcycle",
        "object": "tire battery engine part brake key light camera gift box bag product item wheel",
        "device": "phone camera computer tv laptop charger printer tablet",
        "place": "store shop garage mall market parking_lot counter location",
        "money": "price cost bill refund deal discount deposit fee payment warranty",
        "act": "repair test_drive run service order purchase delivery return work job offer visit",
        "idea": "problem quality price reason experience choice deal thing question selection",
        "document": "receipt bill review estimate invoice warranty coupon catalog",
        "quality": "service quality value time money customer_service",
        "clothing": "shoe dress shirt jacket boot suit",
    },
    "health": {
        "person": "doctor nurse patient dentist surgeon therapist child specialist receptionist pharmacist",
        "group": "hospital clinic office practice staff insurance_company family",
        "illness": "pain infection fever headache cough allergy injury cold cancer flu",
        "body": "back tooth leg arm knee head stomach hand foot eye shoulder skin hair heart",
        "place": "hospital office clinic room gym pharmacy spa",
        "act": "treatment surgery test visit procedure operation checkup massage appointment",
        "idea": "problem question reason advice result answer change risk experience option",
        "stuff": "medicine medication blood water food",
        "event": "appointment surgery pregnancy class exam session",
        "document": "prescription bill form record",
        "money": "bill cost insurance fee",
    },
    "school": {
        "person": "teacher student professor kid child parent friend principal tutor instructor",
        "group": "school class university college team department club",
        "document": "book paper essay report test application letter textbook article thesis",
        "event": "class exam lesson course lecture graduation meeting game test",
        "idea": "question answer idea subject grade problem degree reason example topic goal",
        "place": "school library classroom campus dorm university gym room field",
        "field": "math history science english music biology art physics chemistry french economics",
        "object": "desk pen bag pencil bus computer notebook guitar",
        "device": "computer laptop calculator phone",
        "art": "song movie play book show game",
    },
    "tech": {
        "person": "user developer programmer engineer customer expert hacker gamer",
        "device": """
            computer phone program software_update website server browser app camera network screen printer file
            disk link page laptop game
            """,
        "group": "company site team community industry startup",
        "idea": "problem feature option question way version error solution issue idea reason code setting tip",
        "document": "email page file article post message blog list manual link photo comment",
        "act": "update download search change upgrade release test backup",
        "object": "button cable battery screen card chip machine box",
        "art": "video game movie song music_video show",
        "quality": "privacy security speed access information support",
        "stuff": "software information data internet music hardware",
        "field": "programming technology science business",
    },
}
"""Topic -> kind -> nouns; all of them are also in, or join, the lists of their kind."""
