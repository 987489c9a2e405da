"""Proper names: people, places, organisations, products, days and months."""

from __future__ import annotations

__all__ = [
    "ADJECTIVAL", "BRANDS", "CITED", "CITIES", "COUNTRIES", "DAYS", "EPITHETS", "EPOCHS", "FIRST_NAMES", "INSTITUTIONS",
    "LANDMARKS", "LAST_NAMES", "MONTHS", "NATIONS", "ONE_STATE", "ORGANISATIONS", "ORG_ADJECTIVES", "ORG_HEADS",
    "ORG_THEMES", "PLURAL", "REGIONS", "TITLES", "TRADES", "WORKS",
]  # fmt: skip

FIRST_NAMES = {
    "Masc": """
        Abraham Adrian Al Alec Alfred Allan Alvin Angus Antonio Archie Barry Benjamin Bernard Blake Bradley Brandon
        Brett Bryan Byron
        Calvin Cameron Cecil Chad Chester Christian Clarence Clark Claude Clayton Clifford Clint Cody Colin Connor
        Curtis Damian Darren
        Dean Dexter Diego Dominic Donald Duncan Dustin Dwight Earl Eddie Edgar Edward Edwin Elliot Emilio Enrique
        Ernest Ethan Eugene
        Evan Fernando Floyd Francis Gabriel Gavin Gilbert Glenn Gordon Graham Grant Gregory Gus Hal Harold Harvey
        Hector Herbert Herman
        Hugh Isaac Jared Javier Jeremy Jerome Jesse Joel Jonathan Jorge Josh Joshua Julian Justin Karl Kurt Lance Leon
        Leonard Leroy
        Lewis Liam Lloyd Logan Marco Marcus Mario Marshall Marvin Maurice Melvin Miguel Miles Mitchell Morgan
        Nathaniel Ned Nicholas
        Noah Norman Otto Owen Perry Philip Ramon Raymond Reggie Ricardo Rodney Roland Ronald Ross Roy Rudy Russell
        Seth Shane Sidney
        Spencer Stewart Terry Theodore Toby Travis Trevor Tyler Vernon Victor Vincent Wade Wallace Warren Wesley Zachary
        Aaron Adam Ahmed Alan Albert Alex Ali Andrew Anthony Arthur Ben Bill Bob Brad Brian Bruce Carl Carlos Charles
        Chris
        Craig Dan Daniel Dave David Dennis Derek Don Doug Drew Ed Eric Felix Frank Fred Gary George Gerald Greg Harry
        Henry
        Howard Hugo Ian Ivan Jack Jacob Jake James Jason Jeff Jeffrey Jerry Jim Joe John Jon Jordan Jose Joseph Juan
        Keith
        Ken Kenneth Kevin Kyle Larry Lee Leo Louis Lucas Luis Mark Martin Matt Matthew Max Michael Mike Mohammed
        Nathan Neil
        Nick Oliver Omar Oscar Patrick Paul Pedro Pete Peter Phil Phillip Rafael Ralph Randy Ray Richard Rick Rob Robert
        Roger Ron Ryan Sam Samuel Scott Sean Simon Stan Stephen Steve Steven Stuart Ted Thomas Tim Todd Tom Tony Vince
        Walter Wayne William Yusuf Hassan Ibrahim Khalid Abdul Mahmoud Raj Sanjay Chen Wei Hiroshi Vladimir Sergei
        Dmitri
        """,
    "Fem": """
        Ada Adele Agnes Aisha Alexandra Allison Amelia Anita April Ashley Audrey Ava Beatrice Bella Beverly Bonnie
        Bridget Camille Carrie
        Cassandra Chloe Clara Colleen Connie Courtney Crystal Daisy Dawn Delia Doris Edith Eileen Eleanor Elsa Esther
        Eva Evelyn Faith
        Florence Frances Gail Georgia Gloria Hannah Hazel Hope Ida Ingrid Iris Ivy Jackie Jasmine Jocelyn Josephine
        Joyce Judith June
        Kara Kathryn Kristen Layla Leah Lillian Lily Lola Lorraine Lydia Mabel Madison Marcia Margot Marilyn Marjorie
        Maya Meredith Mia
        Mildred Miranda Miriam Nadia Naomi Natasha Norma Paige Pam Penny Phoebe Rosemary Roxanne Sabrina Samantha
        Selena Serena Sylvia
        Tamara Tiffany Ursula Victoria Viola Virginia Vivian Yvonne
        Abby Alice Alicia Amanda Amy Andrea Angela Anna Anne Annie Barbara Becky Beth Betty Brenda Carla Carmen Carol
        Caroline Catherine Cathy Charlotte Cheryl Christine Cindy Claire Cynthia Dana Deborah Debbie Denise Diana Diane
        Donna Dorothy Elaine Elena Elizabeth Ellen Emily Emma Erica Fatima Fiona Gina Grace Heather Helen Holly Irene
        Isabel Jane Janet Janice Jean Jennifer Jenny Jessica Jill Joan Joanna Judy Julia Julie Karen Kate Kathleen Kathy
        Katie Kelly Kim Kristin Laura Lauren Leila Linda Lisa Liz Louise Lucy Lynn Maggie Margaret Maria Marie Marta
        Martha
        Mary Megan Melissa Michelle Molly Monica Nancy Natalie Nicole Nina Nora Olivia Pamela Patricia Paula Priya
        Rachel
        Rebecca Rita Robin Rosa Ruth Sally Sandra Sara Sarah Sharon Sheila Sherri Shirley Sofia Sonia Stacy Stephanie
        Sue
        Susan Suzanne Tana Tanya Tara Teresa Theresa Tina Tracy Valerie Vanessa Veronica Vicky Wendy Yasmin Yoko Zoe
        """,
}

LAST_NAMES = """
    Abbott Acosta Aguilar Akbar Andrews Armstrong Arnold Ashraf Atkins Austin Avery Ayala Baldwin Banks Barber Barker
    Barrett Barton
    Bauer Beck Becker Benson Berg Bishop Blake Bond Bowen Boyd Bradley Brady Brandt Brennan Briggs Burke Byrne
    Caldwell Cameron
    Cannon Carlson Carroll Carson Casey Castillo Castro Chandler Chang Chapman Chavez Cho Christensen Cobb Connor
    Contreras Craig
    Crawford Cunningham Curtis Dalton Daniels Davidson Dawson Delgado Dixon Douglas Doyle Drake Duncan Dunn Elliott
    Ellis Erickson
    Espinoza Farrell Ferguson Fernandez Fields Fitzgerald Fleming Flores Ford Forbes Francis Franklin Frazier Freeman
    Fuller Gallagher
    Garrett George Gibson Gilbert Gomez Goodman Goodwin Gordon Greene Gupta Gutierrez Guzman Hale Hansen Hardy Harper
    Hart Harvey
    Hawkins Herrera Higgins Hoffman Holland Holmes Hopkins Horton Houston Hubbard Hudson Hunt Ibrahim Jacobs Jansen
    Jensen Jimenez
    Jordan Joseph Kane Keller Kent Klein Knight Kramer Kuhn Lambert Larsen Larson Lawrence Leonard Lin Lindsay Liu
    Logan Lowe Lucas
    Lynch Lyons Mann Manning Mendez Mendoza Meyer Mills Montgomery Morales Moreno Morrison Morton Moss Mueller Munoz
    Newman Nichols
    Nielsen Norman Norris Norton Olson Ortega Osborne Owens Page Parsons Pearson Pena Perkins Peters Pierce Pope
    Potter Quinn Ramos
    Rao Ray Reyes Rhodes Riley Rios Robbins Romero Rose Rowe Ruiz Ryan Salazar Santiago Schultz Schwartz Sharma
    Shelton Sherman
    Sims Snyder Soto Spencer Stanley Steele Stephens Strickland Sutton Swanson Tate Terry Todd Tran Vargas Vasquez
    Vaughn Vega
    Wade Wagner Walsh Walters Walton Wang Warner Warren Waters Watkins Watts Weaver Webster Weiss Welch Wheeler Wolf
    Woods Yang
    Yates Yoder York Zimmerman
    Adams Ahmed Allen Anderson Bailey Baker Barnes Bell Bennett Black Blair Brooks Brown Bryant Burns Bush Butler
    Campbell
    Carter Chen Clark Clinton Cohen Coleman Collins Cook Cooper Cox Cruz Davis Diaz Edwards Evans Fisher Foster Fox
    Garcia
    Gonzalez Graham Grant Gray Green Griffin Hall Hamilton Harris Harrison Hayes Henderson Hernandez Hill Howard Hughes
    Hussein Jackson James Jenkins Johnson Jones Kelly Kennedy Khan Kim King Kumar Lee Lewis Lincoln Long Lopez Marshall
    Martin Martinez Mason Miller Mitchell Moore Morgan Morris Murphy Murray Myers Nelson Nguyen Obama O'Brien O'Neill
    Ortiz
    Palmer Park Parker Patel Patterson Perez Perry Peterson Phillips Porter Powell Price Putin Ramirez Reagan Reed
    Reynolds
    Rice Richardson Rivera Roberts Robinson Rodriguez Rogers Ross Russell Sanchez Sanders Scott Shaw Shapiro Sharon
    Simmons
    Simpson Singh Smith Stevens Stewart Stone Sullivan Taylor Thomas Thompson Torres Tucker Turner Walker Wallace Ward
    Washington Watson Webb Wells West White Williams Wilson Wong Wood Wright Young Zhang Nixon Roosevelt Churchill
    Gandhi Einstein Darwin Shakespeare Mozart Newton Freud Marx Rumsfeld Cheney Kerry Gore Dean McCain
    Schwarzenegger
    Kowalski Ivanov Petrov Schmidt Schneider Weber Wagner Rossi Bianchi Moreau Dubois Silva Santos Tanaka Suzuki
    Yamamoto Sato
"""

TITLES = {
    "Masc": """
        Mr. Mr. Mr. Dr. President Senator Professor Captain General Judge Governor Sir Sheikh King Prince Uncle
        Colonel Mayor
        """,
    "Fem": """
        Mrs. Ms. Ms. Miss Dr. President Senator Professor Captain Judge Governor Queen Princess Aunt Mayor Minister
        """,
}

COUNTRIES = """
    Afghanistan Africa Albania Algeria America Argentina Asia Australia Austria Belgium Bolivia Bosnia Brazil Britain
    Bulgaria
    Cambodia Canada Chile China Colombia Croatia Cuba Cyprus Denmark Ecuador Egypt England Ethiopia Europe Fiji
    Finland France
    Georgia Germany Ghana Greece Guatemala Haiti Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy
    Jamaica Japan
    Jordan Kashmir Kenya Korea Kosovo Kuwait Laos Lebanon Libya Malaysia Mexico Mongolia Morocco Nepal Nicaragua Nigeria
    Norway Pakistan Palestine Panama Peru Poland Portugal Qatar Romania Russia Rwanda Scotland Serbia Singapore
    Somalia Spain
    Sudan Sweden Switzerland Syria Taiwan Tanzania Thailand Turkey Uganda Ukraine Venezuela Vietnam Wales Yemen Zimbabwe
"""

NATIONS = """
    the United_States|the United_Kingdom|the United_Nations|the Soviet_Union|the
    European_Union|Saudi_Arabia|South_Africa|
    North_Korea|South_Korea|New_Zealand|Sri_Lanka|Costa_Rica|Puerto_Rico|the Middle_East|the West_Bank|the US|the
    UK|the USA|
    the Philippines|the Netherlands|the U.S.|the Nile|the Pacific|the Atlantic|the Alps|the Mediterranean
"""

CITIES = """
    Amsterdam Athens Atlanta Austin Baghdad Baltimore Bangkok Barcelona Beijing Beirut Berlin Boston Brussels Budapest
    Cairo
    Calcutta Calgary Chicago Cleveland Copenhagen Dallas Damascus Delhi Denver Detroit Dubai Dublin Edinburgh Fallujah
    Florence Gaza Geneva Hamburg Havana Helsinki Hollywood Houston Istanbul Jerusalem Kabul Karachi Kiev Lisbon London
    Madrid
    Manchester Manhattan Manila Melbourne Memphis Miami Milan Montreal Moscow Mumbai Munich Naples Nashville Oakland
    Orlando
    Oslo Oxford Paris Philadelphia Phoenix Pittsburgh Portland Prague Rome Sacramento Seattle Seoul Shanghai Stockholm
    Sydney
    Tehran Tokyo Toronto Vancouver Venice Vienna Warsaw Washington Zurich Brooklyn Queens Mosul Basra Tampa Tucson
    Bristol
    Los_Angeles New_York San_Francisco San_Diego San_Antonio Las_Vegas Hong_Kong Tel_Aviv Salt_Lake_City New_Orleans
    New_Delhi San_Jose Santa_Monica Buenos_Aires Rio_de_Janeiro Kuala_Lumpur Abu_Dhabi Fort_Worth St._Louis
"""

REGIONS = """
    Alabama Alaska Arizona Arkansas California Colorado Connecticut Florida Hawaii Idaho Illinois Indiana Iowa Kansas
    Kentucky
    Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma
    Ontario Oregon Pennsylvania Quebec Tennessee Texas Utah Vermont Virginia Wisconsin Wyoming North_Carolina New_Jersey
    New_Mexico South_Dakota West_Virginia Bali Sicily Tuscany Bavaria Siberia Scandinavia Punjab TX CA NY FL DC
"""

CITED = """
    Austin,Texas|Dallas,Texas|Houston,TX|Paris,France|London,England|Sydney,Australia|Toronto,Canada|Portland,Oregon|
    Seattle,Washington|Miami,Florida|Chicago,Illinois|Denver,Colorado|Atlanta,Georgia|Boston,Massachusetts|Phoenix,Arizona|
    Berlin,Germany|Vienna,Austria|Rome,Italy|Madrid,Spain|Dublin,Ireland|Mumbai,India|Tokyo,Japan|Nashville,Tennessee|
    Las_Vegas,Nevada|San_Diego,California|Los_Angeles,CA|New_York,NY|Cairo,Egypt|Istanbul,Turkey|Detroit,Michigan
"""
"""Cities with what is named after them."""

INSTITUTIONS = """
    the White_House|the Pentagon|the Supreme_Court|the Senate|Congress|Parliament|the Vatican|the Kremlin|the CIA|the
    FBI|the IRS|
    the BBC|the NBA|the NFL|the Red_Cross|the National_Guard|the World_Bank|the Democrats|the Republicans|the Navy|the
    Army|the UN|
    the EU|NATO|the Yankees|the Lakers|the Giants|the Beatles|the House|the Cabinet|the EPA|the WTO|the Treasury|the
    Pope|the President
"""

EPOCHS = """
    Christmas|Easter|Thanksgiving|Halloween|Ramadan|the Olympics|the Cold_War|the Super_Bowl|the World_Cup|the
    Renaissance
    """

LANDMARKS = """
    Street Avenue Road Park Lake River Bridge Square Island University College Hospital Airport Museum Hotel Church Bay
    Beach Mountain Valley Hill Castle Station Library Theater Center Hall School County Boulevard Drive Lane Tower Cafe
    Restaurant Grill Inn Plaza Garden House Market
"""

ORGANISATIONS = """
    Microsoft Google Apple IBM Intel Sony Nokia Samsung Dell Amazon Yahoo Facebook Twitter Oracle Cisco Toyota Honda
    Ford Nissan
    Chrysler BMW Volkswagen Boeing Airbus Exxon Shell Chevron Texaco Halliburton Enron Dynegy Citibank Citigroup Visa
    Walmart
    Target Costco Ikea McDonald's Starbucks Subway Wendy's Pepsi Nike Adidas Disney Warner Paramount CNN NBC ABC Fox
    Reuters AP
    NASA NATO FEMA OPEC IAEA FERC UNICEF FEDEX UPS DHL Verizon Sprint Comcast AT&T Harvard Yale Stanford Princeton MIT
    UCLA
    Wikipedia YouTube eBay PayPal Skype Netflix Spotify Uber Airbnb Greenpeace Oxfam Nintendo
    Canon Nikon Panasonic Toshiba Siemens Bosch Philips Pfizer Bayer Merck Nestle Kraft Heinz Lockheed Greyhound
    Marriott Hilton
    Hyatt Sheraton Walgreens Safeway Petco PetSmart Sears Macy's Nordstrom Goldman Merrill Moody's Deloitte Andersen
    ISDA ENA
    EES EOL EPMI PGE Edison Duke Williams Calpine Reliant
"""

ORG_HEADS = """
    Bank Group Corporation Institute Foundation Association Department Ministry Committee Council Agency Commission
    Company
    Society Party Union Office Bureau Corp. Inc. Co. Ltd. LLC Partners Systems Services Energy Airlines Motors
    Brothers Times
    Post News Journal Army Force Trust League Club Team Authority Court Church Center Services Associates Press
"""

ORG_THEMES = """
    Energy Trade Defense Health Education Justice State Security Space Science Power Gas Oil Capital Investment
    Research Labor
    Baptist Methodist Republic People Liberty Freedom Victory Summit Pioneer Liberation Development Commerce
    Transportation Water
"""

ORG_ADJECTIVES = (
    "National Federal International Royal Central American United European Islamic Democratic Republican Global Public \
General First British Northern Southern Western Eastern"
)

EPITHETS = """
    Golden Silver Blue Green Happy Lucky Royal Sunny Star Eagle Lion Rainbow Sunset Ocean Mountain Village Family
    Discount Quality
    First Best Premier Express City Garden Corner Crystal Diamond Magic Paradise Phoenix River Rose Summit Tiger Union
    Country
"""
TRADES = """
    Tire Pizza Auto Motors Dental Hotel Inn Cafe Grill Bakery Books Records Travel Cleaners Florist Bank Bar Kitchen
    Deli Fitness
    Spa Salon Storage Plumbing Electric Pharmacy Market Music Photo Studio Furniture Jewelers Realty Insurance
    Animal_Hospital
    Car_Wash Steak_House Body_Shop Ice_Cream Dry_Cleaners Day_Care High_School Elementary_School Shopping_Center
"""
"""What local businesses are called."""

BRANDS = """
    iPhone iPod iPad Kindle Android Windows Linux Java Python Photoshop Excel PowerPoint Word Outlook Firefox Chrome
    Safari Gmail
    Hotmail Prius Camry Corolla Civic Accord Mustang Jeep Mercedes Audi Porsche Ferrari Coke Tylenol Viagra Prozac Lego
    Barbie Xbox PlayStation Wii Monopoly Scrabble Frisbee Bible English Spanish French German Arabic Chinese Japanese
    Russian
    Latin Hebrew Hindi Greek Italian Portuguese Blackberry Nikon Toyota Honda
"""

WORKS = """
    Hamlet|Macbeth|Titanic|Avatar|Star_Wars|Star_Trek|Harry_Potter|Dracula|Casablanca|Newsweek|Vogue|Friends|Seinfeld|Batman|
    Superman|Moby_Dick|the New_York Times|the Washington Post|the Guardian|the Economist|the Bible|the
    Koran|Don_Quixote|Ulysses|
    Macbeth|Othello|Wikipedia|YouTube|the Internet|the Wall Street Journal|Jurassic Park|Top Gear|King Kong
"""

ADJECTIVAL = "New United Supreme Saudi White Middle Grand Red Soviet Cold Super Costa Islamic"
"""Words that are adjectives in a name, too."""

PLURAL = "States Nations Democrats Republicans Yankees Lakers Giants Beatles Olympics Alps Netherlands Philippines"
"""Names that are plural in form."""

ONE_STATE = "States Nations Netherlands Philippines"
"""Those of them that take a singular verb."""

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
MONTHS = "January February March April May June July August September October November December"
