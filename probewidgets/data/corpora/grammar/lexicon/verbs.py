"""Verbs by what they take: who does it, then a pattern of what follows.

A line reads `subject | pattern | verbs`. In a pattern, a kind or family of noun is an object; `at+thing` is a
A line reads `subject | pattern | preposition
with its noun; `up!` a particle; `that`, `whether`, `to`, `ing`, `bare` are clauses; `adj` is a predicative adjective.
"""

from __future__ import annotations

from probewidgets.data.corpora.generation.tables import words

__all__ = ["FRAMES", "STATIVE"]
FRAMES = """
agent | thing | buy sell get order find need want use keep lose replace return choose check own have see like love hate
agent | thing | prefer test try design produce receive carry collect compare deliver display examine hide hold import
agent | thing | install lack lend mention move notice offer pack paint provide purchase recommend rent repair fix save
agent | thing | ship steal store supply take throw touch track upgrade wash acquire advertise approve bring clean
agent | meal | eat drink order cook serve make try enjoy finish buy share taste bring prepare skip love like grill bake
agent | meal | fry heat warm cut chop burn chew swallow freeze deliver want have devour crave sample
agent | stuff | buy use sell need burn produce waste store spill smell mix pour gather want export add import deliver
people | clothing | wear wash iron buy try fold sew lose borrow need choose donate
people | vehicle | drive park ride rent fix buy sell wash steal crash board catch miss follow stop start race own repair
people | text | read write sign print copy send post edit publish quote scan submit translate review revise finish check
people | text | draft email file fill forward mail mark photocopy proofread receive type update attach delete download
people | text | withdraw ignore approve reject circulate distribute discuss prepare expect
people | media | watch see record download hear film enjoy play like love create direct remember rate stream
people | device | use charge download install restart open close update program unplug connect configure reboot operate
people | device | press click test reset copy uninstall build
agent | place | visit leave enter find love reach build own run open close clean rent renovate explore avoid recommend
agent | place | see cross protect destroy occupy attack search buy paint decorate tour photograph attack control
agent | people | help meet call thank know see love hate hire fire invite marry miss pay trust teach train watch visit
agent | people | believe blame bother catch contact criticize date defend dislike dismiss email encourage escort
agent | people | expect fear follow forgive greet guide hear ignore impress interview judge
agent | people | question remember remind replace represent respect save see serve shoot sue support surprise
agent | people | text threaten treat understand value want warn welcome recommend admire adore annoy arrest assist
agent | people | attack charge capture comfort congratulate cure detain educate elect
agent | people | identify inform inspire insult introduce notify nominate praise protect pursue
agent | people | recruit rescue scare seek shock stop
people | animal | feed walk own adopt buy see train catch love rescue pet treat chase watch raise groom ride
people | body | hurt wash break touch shake cut scratch wave move open close turn hit raise rub shave lower brush nod
people | illness | have get treat cure catch survive ignore
agent | event | attend plan cancel organize miss hold schedule enjoy celebrate win lose postpone watch host start end
agent | event | arrange book cover delay describe finish follow join lead record remember report stop support witness
agent | mishap | cause condemn prevent survive avoid report investigate discuss see witness remember stop cover fear
agent | act | do make take give offer
agent | act | accept offer consider expect refuse suggest need request take approve begin complete demand deny
agent | act | appreciate continue give propose receive reject require start support delay face finalize announce admit
agent | act | reverse resist oppose facilitate monitor negotiate
agent | idea | understand know discuss consider explain see mention have forget accept change face ignore raise solve
agent | idea | describe share support question study suggest reject remember realize recognize report respect avoid
agent | idea | address adopt analyze assess challenge clarify create define determine develop discover doubt emphasize
agent | idea | establish examine explore express identify illustrate imagine investigate justify notice outline predict
agent | idea | prove pursue resolve reveal stress summarize test undermine violate apply abandon embrace highlight
agent | money | pay owe charge raise cut spend save lower increase collect cover earn lose borrow deduct negotiate
agent | money | reduce
agent | money | calculate double waive transfer invest deposit refund afford
agent | quality | need want show provide improve lose demand gain deserve promote value lack respect
agent | quality | appreciate encourage ensure maintain require restore
people | field | do study teach love learn play enjoy practice understand hate like major quit
people | plant | grow plant water cut pick buy smell trim see climb
people | _ | sleep laugh cry smile wait work talk sing dance swim run walk cook travel rest study eat drink shop relax
people | _ | arrive leave stay wake snore sneeze cough complain apologize listen speak shout whisper scream die agree
people | _ | exercise fight gossip graduate hesitate hurry kneel lie sit stand retire return sigh sweat vote win lose
people | _ | come go move live drive ski surf camp fish hike type yawn disagree pray participate volunteer vomit quit
agent | _ | fail succeed wait agree win lose respond react resign decide refuse panic prosper suffer struggle
animal | _ | bark sleep run jump bite eat hide escape fly swim die growl hiss play purr scratch sniff howl disappear
animal | thing | chew bite destroy sniff chase find break carry
animal | meal | eat steal sniff lick like smell refuse
animal | people | follow chase scare love attack lick
thing | _ | break fall work arrive disappear fail explode leak shine vibrate stop start freeze crash sink burn
thing | quality | need require have provide lack offer
thing | money | cost save
mishap | people | kill injure scare shock affect hurt worry
mishap | _ | happen occur start begin continue
mishap | thing | destroy damage ruin
mishap | place | destroy damage hit strike
event | _ | start end begin happen continue occur last resume
event | people | surprise bore excite interest help affect unite attract
event | idea | change show raise reveal affect reflect
idea | people | surprise worry bother interest annoy confuse help concern hurt scare affect
idea | _ | change matter exist remain arise emerge spread vary
idea | idea | cause affect include involve explain create change require reflect present reinforce
act | idea | solve cause help affect include hurt create improve
act | _ | work help fail continue matter count
money | _ | increase rise fall drop double decline vary climb plunge
meal | _ | smell burn arrive taste cool
meal | people | fill please disappoint sicken
place | quality | offer have need lack provide
place | people | attract impress welcome serve surprise
place | _ | close open burn collapse exist expand reopen
group | _ | meet vote collapse merge expand grow hire deliver advertise
group | idea | announce adopt reject support oppose defend change introduce
group | people | employ serve represent hire support protect fire recruit
sky | _ | shine rise set appear disappear glow fade blow
plant | _ | grow die bloom fall smell wilt
people | to+event | go come return lead
people | =homework | do finish forget
people | =laundry | do
agent | =business with+people | do
people | =nothing about+idea | do know say
people | like+people | look act talk sing walk feel sound live
people | like+idea | seem sound feel look
people | as+person | work serve live act start
people | to+device | switch connect log listen
people | to+group | belong write apply report go
agent | act to+people | give make offer
agent | idea to+people | explain describe mention show suggest report prove
agent | money to+people | give pay lend owe send donate
agent | meal to+people | give serve offer bring feed deliver
people | people to+place | take drive bring send follow
people | people to+event | take invite bring
people | at+thing | look stare point laugh glance yell
people | at+people | look smile yell laugh shout stare scream swear
people | to+people | talk listen speak write lie apologize complain respond reply go explain
people | to+media | listen dance refer link
people | to+place | go come return drive walk move travel run fly get head hurry
people | in+place | live stay work sleep wait eat park meet sit relax play
people | at+place | stay work eat arrive stop study live shop meet park dine
people | into+place | walk run go break move drive get step
people | with+people | agree talk work speak live argue meet dance deal disagree fight play chat stay
people | with+idea | agree deal disagree help start
people | about+affair | talk complain worry think know dream hear ask forget read argue care write laugh learn
people | about+people | talk worry think ask hear care complain dream joke
people | for+event | prepare wait pay leave train register dress apologize thank
people | for+thing | look wait pay ask search shop pray hope apply trade
people | for+group | work play vote speak apply volunteer
people | for+people | wait work care pray vote look cook
agent | on+affair | depend focus work comment rely insist decide agree spend concentrate vote
agent | of+idea | think approve dream consist hear speak complain
people | from+place | come drive escape return fly move graduate
people | from+illness | suffer recover die
people | up! | get wake grow show give stand sign dress hurry wait speak clean
people | down! | sit calm lie slow break settle back fall
people | out! | go work pass hang get move eat freak sell find
people | in! | check come move check jump log
people | on! | go move hold come log carry
people | off! | take drive log go show back
people | over! | come pull move
people | around! | look walk drive hang shop mess
people | up! thing | pick set clean break wrap open look use
people | up! affair | bring set mess give end
people | up! people | pick wake call back cheer
people | out! thing | try check throw take hand bring figure
people | out! affair | find figure point carry work
people | out! text | fill hand send print check
people | off! thing | turn take send show sell drop
people | on! thing | turn put try switch
people | down! text | write take put
people | down! affair | turn shut cut
people | back! thing | bring take send give get
people | away! thing | throw give put take
people | over! text | look hand read
people | up! with+idea | come catch
people | forward! to+event | look
people | people thing | give send show lend hand buy bring sell offer get
people | people text | send email give write show read forward mail fax
people | people media | send show play
people | people idea | tell teach show ask give explain
people | people money | owe pay give lend save cost charge
people | people meal | make bring buy cook order serve
people | people to | ask tell want help encourage force allow expect invite teach remind persuade order advise urge warn
agent | people to | ask allow require force invite pay permit convince tell expect train
people | people bare | let make help have
people | people ing | see hear catch watch keep find
people | people adj | make find keep consider drive get
people | thing adj | find keep make leave consider
people | place adj | find keep consider leave
people | that | think say know believe hope guess feel hear see mean realize notice agree understand find suppose
people | that | remember
people | that | admit claim explain suggest assume fear imagine insist learn mention promise swear suspect wish bet
people | that | doubt
agent | that | say report claim announce believe deny argue warn predict confirm add note suggest show state declare
people | people that | tell promise convince remind assure inform show
people | whether | wonder ask know see doubt decide check care remember
people | wh | know wonder see understand ask remember explain forget show tell learn realize guess
people | people wh | tell ask show
people | to | want try need hope plan like love decide forget learn refuse promise expect agree prefer start begin hate
people | to | offer continue intend afford attempt choose fail happen manage tend wish hesitate pretend seek wait
agent | to | want plan try agree refuse decide need hope continue fail offer intend seem
thing | to | seem need tend begin continue appear
people | ing | enjoy keep stop start like love hate avoid finish quit try remember consider recommend mind begin miss
people | adj | look seem feel get become sound stay go remain turn appear
thing | adj | look seem get feel become remain
meal | adj | taste smell look seem
place | adj | look seem feel get remain stay become
event | adj | seem sound become look
idea | adj | seem sound look become remain get
group | adj | seem become remain
quality | adj | seem look remain
people | on>ing | plan insist focus work keep count
people | about>ing | think talk worry complain dream care forget
people | of>ing | think dream
people | in>ing | succeed believe
people | people for>ing | thank blame pay forgive
people | people from>ing | stop prevent keep protect
people | people about>ing | ask warn tell remind
people | thing for+price | buy sell get offer order
people | to+price | agree amount
people | price for+thing | pay charge spend offer
people | price on+thing | spend save lose
agent | thing to+people | give send sell show bring offer deliver donate lend return forward
agent | text to+people | send give submit forward mail explain present email read
agent | thing for+people | buy find make order get keep
agent | thing from+people | buy get borrow steal receive take
agent | thing in+place | leave put find keep store lose hide see
agent | thing on+thing | put place drop leave hang find spill
agent | thing into+thing | put throw load pour plug
agent | thing with+thing | cover fill replace compare clean decorate
agent | people with+act | help assist trust
agent | people about+affair | ask tell warn call remind contact inform
agent | people for+act | thank blame pay punish fire ask
agent | people to+event | invite take bring drive
agent | people to+place | take drive send bring welcome follow move
agent | people from+place | pick rescue remove ban fire know
agent | money on+thing | spend waste lose
agent | money for+thing | pay charge spend
people | =time in+place | spend
people | =time ing | spend waste
agent | =part in+event | take
agent | =advantage of+idea | take
agent | =care of+people | take
people | =fun | have
people | =sense | make
people | =attention to+idea | pay
"""
STATIVE = frozenset(
    words(
        """
    be know believe like love hate need want own have understand mean seem prefer remember forget realize
    doubt guess suppose agree cost owe matter exist belong contain include involve lack deserve recognize
    notice consist depend mind wish trust fear value respect disagree care concern appear afford tend happen
    imagine suspect assume hear see expect find admire adore dislike resemble hope impress surprise
    appreciate promise tend wonder bet doubt
    """
    )
)
"""Verbs that do not stand in the progressive."""
