"""Forenames that many people of England and Wales have: they tell a column of people from one of places and things.

Each was among the most given of some year since 1954. Left out are those that are a word or a place as well
(Grace, Summer, Florence, Willow), as wards and teams are called so. A list of children has one in every third row.
Source: Office for National Statistics, Baby names in England and Wales, Open Government Licence v3.0.
"""

_LISTED = """
aaron abdullah abigail adam adrian aidan aiden aimee aisha alan albert albie alex alexander alexandra alexis
alfie alfred ali alice alison amanda amelia amelie amy andrea andrew angela anita anna annabelle anne anthony
antony archie arlo arthur ayla barry beatrice bella ben benjamin beth bethany betty beverley bobby bradley
brandon brian caitlin callum cameron carl carly carol caroline catherine charles charlie charlotte cheryl chloe
christina christine christopher claire clara clare connor conor craig damian daniel danielle danny darcey darcie
darcy darren david dean debbie deborah declan delilah denise derek dexter diane dominic donna dylan edith edward
eleanor elena elias elijah eliza elizabeth ella ellen ellie elliot elliott ellis elodie eloise elsie emilia
emily emma erin esme ethan eva evelyn evie ezra fatima felicity felix finlay finley fiona frances francesca
frankie freddie freya gabriel gareth gary gavin gemma geoffrey george georgina gillian graham gregory hamza
hannah harriet harrison harry harvey hayley heidi helen henry hugo ian ibrahim imogen isaac isabel isabella
isabelle isla jack jackson jacob jacqueline jake james jamie jane janet janice jason jasper jaxon jayden jean
jenna jennifer jenson jeremy jessica jill joanna joanne jodie joe joel john jonathan jordan joseph josh joshua
joyce jude judith julia julian julie justin kai karen karl kate katherine kathleen kathryn katie kayleigh keira
kelly kenneth kerry kevin kieran kim kimberley kirsty kyle laura lauren leah leanne lee leo leon leslie lewis
liam lilly linda lindsay lisa logan lorraine lottie louie louis louise luca lucas lucy luke lydia madison maeve
maisie malcolm marcus margaret maria marie marilyn mark martha martin martyn maryam matilda matthew maureen max
maxine maya megan melanie melissa mia michael michelle mila miles millie mohamed mohammad mohammed molly
muhammad musa nancy naomi natalie natasha nathan nathaniel neil niamh nicholas nicola nicole nigel nina noah
oliver olivia ollie orla ottilie owen pamela patricia patrick paul paula pauline penelope peter philip phillip
phoebe rachael rachel raymond rebecca reece reggie reuben rhys richard ricky riley robert robyn roger roman
ronald ronnie rory ross roy rupert russell ruth ryan sally sam samantha samuel sandra sara sarah scarlett scott
sean sebastian seth shane shannon sharon shaun sheila shirley sienna simon sofia sonny sophia sophie stacey
stanley stephanie stephen steven stuart susan suzanne tara teddy terence teresa terry thea theo theodore theresa
thomas tiffany timothy tina tobias toby tom tommy tony tracey tracy trevor valerie vanessa vincent wayne wendy
william yasmin yusuf yvonne zachary zainab zara zayn zoe
"""

FORENAMES = frozenset(_LISTED.split())
