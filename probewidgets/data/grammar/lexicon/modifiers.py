"""Adjectives and adverbs by what they go with."""

from __future__ import annotations

__all__ = [
    "ADJECTIVES", "ADJECTIVE_COMPLEMENTS", "CLAUSE_ADJECTIVES", "DEGREE", "DIRECTION", "FOCUS", "FREQUENCY", "MANNER",
    "MATERIALS", "NATIONALITIES", "SENTENCE_ADVERBS", "TIME_ADVERBS", "TO_ADJECTIVES",
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
        genuine used second_hand free available missing safe dangerous decent excellent terrible horrible awful great
        good bad amazing fantastic awesome quality top standard normal regular extra different similar same familiar
        strange odd weird special unique rare common ordinary wooden plastic metallic lightweight durable affordable
        handmade homemade rusty shiny transparent flexible adjustable entire whole spare main real favorite
        reasonable inexpensive compact mini wireless mobile comfortable
        """,
    "device": "fast slow wireless digital smart reliable compatible secure handy remote virtual user_friendly outdated",
    "meal": """
        delicious tasty fresh hot cold spicy sweet sour bitter salty bland rich healthy homemade vegetarian vegan raw
        cooked fried grilled baked roasted greasy dry burnt frozen good great excellent amazing awful terrible
        disgusting cheap expensive overpriced big small huge light heavy favorite traditional authentic creamy crispy
        tender juicy wonderful perfect decent mediocre average yummy stale organic local fantastic awesome
        """,
    "place": """
        big small large little tiny huge old new modern beautiful ugly clean dirty quiet noisy crowded empty busy safe
        dangerous cheap expensive cozy comfortable spacious dark bright cold warm hot popular famous local nearby
        distant remote public private central downtown urban rural historic ancient lovely nice great good bad terrible
        wonderful amazing fantastic awesome perfect ideal open close_by closed peaceful pleasant charming elegant
        luxurious classy trendy upscale shabby northern southern eastern western coastal industrial residential
        entire whole different same favorite convenient gorgeous stunning disgusting filthy rundown renovated
        overpriced clean authentic vibrant main tropical sunny foggy snowy scenic
        """,
    "group": """
        large small local national international global foreign private public federal military political religious
        Islamic medical financial commercial independent corporate major leading big new powerful successful famous
        friendly professional reputable responsible secret rival entire whole interim joint regional legal democratic
        communist socialist conservative liberal radical bankrupt joint nonprofit royal elite official armed
        """,
    "event": """
        big small great good bad terrible horrible awful wonderful amazing fantastic exciting boring fun long short
        brief annual weekly monthly daily special important major minor serious successful recent final first last next
        previous upcoming future past early late public private political military historic memorable unforgettable
        unexpected sudden tragic fatal violent peaceful formal informal casual quick fast endless whole entire local
        international national ongoing scheduled surprise outdoor free regular illegal nuclear severe massive
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
        valid wise wonderful best natural global national local international long_term short_term radical creative
        useful useless helpful dangerous strong weak possible vague mutual standard related relevant
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
    "money": "high low monthly annual total extra additional big small huge reasonable fair average outrageous final full",
    "quality": """
        great good bad high low real true public private excellent poor amazing basic physical mental human social
        economic political military national personal professional complete total absolute deep strong further legal
        modern financial better growing increasing medical technical international natural nuclear mutual exceptional
        """,
    "stuff": "fresh clean dirty cheap expensive good bad new old hot cold pure raw free extra organic foreign real fake",
    "clothing": """
        new old nice clean dirty cheap expensive red blue green black white brown pink casual formal comfortable tight
        loose warm cute ugly stylish elegant wet fancy designer vintage
        """,
    "vehicle": "new old used fast slow red blue black white cheap expensive big small reliable broken electric rental safe",
    "body": "left right big small long short sore broken swollen blue brown strong weak bare injured beautiful blond curly",
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
    Russian Polish Ukrainian Greek Turkish Israeli Palestinian Egyptian Iraqi Iranian Syrian Lebanese Saudi Pakistani Indian
    Chinese Japanese Korean Vietnamese Thai Indonesian Australian African European Asian Arab Latin Western Jewish Christian
    Muslim Catholic Shiite Sunni Kurdish Afghan Cuban Brazilian Argentine Irish Scottish Swiss Austrian Hungarian Buddhist
    Hindu Hispanic Soviet Victorian Middle_Eastern Mediterranean Caribbean Protestant Republican Democratic Texan Persian
"""

MATERIALS = "leather cotton silk gold silver metal plastic steel glass paper wool stone rubber iron wood copper brick concrete"

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
    alone together online again away twice safely perfectly beautifully efficiently regularly separately successfully
    automatically personally promptly patiently closely freely privately publicly peacefully thoroughly individually
    differently accurately professionally aggressively gradually smoothly manually repeatedly somehow early late
    straight better faster anyway though instead
"""

FREQUENCY = """
    always usually often sometimes never rarely really also still already just probably actually certainly finally only
    definitely simply even recently frequently currently truly generally normally easily occasionally quickly
    absolutely eventually hardly barely merely apparently obviously constantly possibly clearly seldom fully highly
    originally initially previously formerly soon now then later officially allegedly reportedly basically literally
    honestly personally strongly deeply greatly totally kindly
"""

DEGREE = """
    very really so too quite pretty extremely incredibly fairly rather somewhat totally absolutely completely surprisingly
    particularly especially slightly highly truly super almost always still just not_very most relatively reasonably
    unbelievably terribly awfully equally way insanely overly extra perfectly entirely
"""

SENTENCE_ADVERBS = """
    however unfortunately luckily fortunately actually maybe perhaps then now so also finally honestly obviously
    apparently suddenly clearly sadly basically therefore meanwhile today first second instead otherwise still thus
    eventually additionally furthermore moreover overall afterwards nevertheless hopefully personally surprisingly
    anyway again later once besides nonetheless secondly lastly similarly specifically ultimately consequently hence
    indeed recently currently generally usually sometimes seriously
"""

TIME_ADVERBS = {
    "past": "recently earlier already then before once later previously ago_two",
    "present": "now always often currently here everywhere nowadays sometimes daily still regularly",
    "future": "soon later then again shortly eventually someday tonight2",
    "any": "here there again too together now anyway alone inside outside upstairs downstairs abroad nearby everywhere "
    "somewhere anywhere elsewhere home forever anymore2 though as_well indoors overseas online right_away right_now",
}

DIRECTION = "back home away here there out in up down upstairs downstairs inside outside abroad north south forward around over"

FOCUS = "only even just especially also mainly mostly"
