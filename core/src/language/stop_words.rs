//! Stop words: words that say little of what a text is about, by language.
//!
//! The most frequent function words: articles, pronouns, prepositions, conjunctions, auxiliaries, words that ask, and
//! what an apostrophe cuts off. A word that is as often something else once it is folded, such as the French "été", is
//! not there.

use crate::model::Language;

/// The stop words of a language, folded and in ascending order, with a space between them.
pub(super) fn stop_words(language: Language) -> &'static str {
    match language {
        Language::Arabic => ARABIC,
        Language::Danish => DANISH,
        Language::Dutch => DUTCH,
        Language::English => ENGLISH,
        Language::Finnish => FINNISH,
        Language::French => FRENCH,
        Language::German => GERMAN,
        Language::Greek => GREEK,
        Language::Hungarian => HUNGARIAN,
        Language::Italian => ITALIAN,
        Language::Norwegian => NORWEGIAN,
        Language::Portuguese => PORTUGUESE,
        Language::Romanian => ROMANIAN,
        Language::Russian => RUSSIAN,
        Language::Spanish => SPANISH,
        Language::Swedish => SWEDISH,
        Language::Tamil => TAMIL,
        Language::Turkish => TURKISH,
        Language::None => "",
    }
}

const ARABIC: &str = "\
    أن أنا أنت أو أي أين إذا إلى إن اذا التي الذي الذين الى ان انا انت او اي اين بعد بعض به بها بين تكون \
    تلك ثم حتى ذلك على عليه عليها عن عند عنده عندي غير في فيه فيها قبل قد كان كانت كانوا كل كم كما كيف \
    لأن لا لان لك لكن لم لماذا لن لنا له لها لهم لو لي ليس ليست ما ماذا متى مع من منذ منه منها نحن هذا \
    هذه هل هم هن هو هي و يا يكون";

const DANISH: &str = "\
    af alle at blev da de dem den denne der deres det dette dig din dine dit dog du efter eller en end \
    er et for fra ham han hans har havde have hende hendes her hun hvad hvem hvilke hvilken hvilket hvor \
    hvordan hvorfor hvornar i ikke jeg jeres kan kunne med men mig min mine mit mod nar ned noget nu og \
    om op os over pa selv sig sin skal skulle som til ud vaere var vi vil ville vores";

const DUTCH: &str = "\
    aan als ben bent bij daar dan dat de der deze die dit door een en er geen haar had heb hebben heeft \
    hem het hij hoe hun ik in is je jij jouw jullie kan kunnen maar met mijn na naar niet nog of om ons \
    onze ook op over s t te tot u uit van voor waar waarom wanneer waren was wat we welk welke werd wie \
    wij worden wordt zal ze zij zijn zo zou zullen";

const ENGLISH: &str = "\
    a about after an and are as at be been before by can could did do does for from had has have having \
    he her here him his how i if in into is it its just ll m me might my no not of on or our out over re \
    s she should so t than that the their them then there they this to up ve was we were what when where \
    which who whom whose why will with would you";

const FINNISH: &str = "\
    ei eika en et etta han hanella hanen he heidan ja jo joka jonka jos jotka kenen ketka kuin kuka \
    kumpi kun me meidan mihin mika miksi millainen milloin mina minua minulla minulle minun missa mista \
    mita miten mun mutta myos nama ne niin nyt ole olen olet oli olisi olivat olla ollut on onko ovat se \
    seka sen siina siita sina sinulla sinun sita sitten tai tama taman te tuo vai vain";

const FRENCH: &str = "\
    a ai as au aux avait avec avoir c ce ces cet cette combien comment d dans de des du elle elles en es \
    est et etait etre il ils j je l la le les leur leurs lui m ma mais me mes moi mon n nos notre nous \
    on ont ou par pas pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si \
    son sont suis sur t ta te tes toi ton tu un une vos votre vous y";

const GERMAN: &str = "\
    aber als am an auf aus bei bin bist das dass dein deine dem den der des dich die dir du ein eine \
    einem einen einer eines er es euch fur habe haben hat hatte ich ihm ihn ihr ihre im in ist kann mein \
    meine meinen mich mir mit nach nicht oder sein seine sich sie sind uber um und uns unser vom von \
    wann war waren warum was welche welcher welches wer werden wie wir wird wo zu zum zur";

const GREEK: &str = "\
    αλλα αν απο αυτα αυτη αυτο αυτοι αυτοσ για γιατι δεν εγω ειμαι ειναι εισαι ειχε εμεισ ενα ενασ εσεισ \
    εσυ εχει εχεισ εχουν εχω η ημουν ηταν θα και κατα μασ με μετα μη μην μια μου να ο οι οπωσ οταν οτι \
    ποια ποιο ποιοι ποιοσ ποσα ποσο ποτε που προσ πωσ σασ σε σου στα στη στην στισ στο στον στουσ τα την \
    τησ τι τισ το τον του τουσ των ωσ";

const HUNGARIAN: &str = "\
    a alatt annak az azok azt be csak de egy el elott en engem ennek es ez ezek ezt fel ha hany hogy \
    hogyan hol honnan hova is itt kell ki kinek kit kozott le lenne lesz majd mar meg melyik mennyi mi \
    miert mikor milyen minket mint mit most neked nekem neki nekik nekunk nem o ok ot ota ott pedig se \
    sem te teged ti utan vagy vagyok vagyunk van vannak volt voltak";

const ITALIAN: &str = "\
    a agli ai al all alla alle allo c che chi ci come con cosa cui d da dai dal dall dalla degli dei del \
    dell della delle dello di dove e ed era fra gli ha hai hanno ho i il in io l la le lei lo loro lui \
    ma mi mia miei mio nei nel nell nella nelle nello noi non o per perche quale quali quando quanto sei \
    si sono su sua sul sull sulla suo ti tra tu tua tuo un una uno vi voi";

const NORWEGIAN: &str = "\
    alle at av ble da de deg dem den denne der deres det dette din dine ditt du eg ei eller en enn er et \
    etter for fra ha hadde ham han hans har henne hennes her hun hva hvem hvilke hvilken hvilket hvor \
    hvordan hvorfor i ikke ikkje jeg kan kunne med meg men min mine mitt na nar ned noe og om opp oss \
    over pa seg selv sin skal skulle som til ut vaere var vi vil ville";

const PORTUGUESE: &str = "\
    a ao aos as com como da das de do dos e ela elas ele eles em era essa esse esta estar este estou eu \
    foi isso isto lhe lhes mas me meu meus minha minhas na nao nas no nos o onde os ou para pela pelo \
    por porque quais qual quando quanto que quem sao se sem ser seu seus sobre sou sua suas te tem tenho \
    ter teu tu tua um uma umas uns voce voces";

const ROMANIAN: &str = "\
    a aceasta acest acesta ai al ale am are au avea ca cand care cat cate cati ce cine cu cum daca dar \
    de despre din dupa e ea ei el ele era eram este esti eu fi fost ii il in la langa lor lui ma mai mea \
    mei mele meu mi ne noi nu o pe pentru prin sa sau se si sunt suntem ta tau te ti tu un unde va voi \
    vor";

const RUSSIAN: &str = "\
    а без бы был была были было быть в вам вас во вот все вы где да для до его ее ему если есть же за \
    зачем и из или им их к как какая какие какое какой когда кого кто куда ли меня мне мои мой моя мы на \
    нам нас не него ни но о об он она они от по почему при с сколько со так твой тебе тебя то только ты \
    у чей что эта эти это этот я";

const SPANISH: &str = "\
    a al como con cual cuales cuando cuanto cuantos de del donde e el ella ellas ellos en era eres es \
    esa ese eso esta estan estar este esto estoy fue ha han hay he la las le les lo los me mi mis no nos \
    nosotros o para pero por porque que quien quienes se ser si sin sobre son soy su sus te tu tus u un \
    una unas unos usted ustedes vosotros y yo";

const SWEDISH: &str = "\
    alla allt an ar att av da dar de dem den denna dessa det dig din dina ditt du efter ej eller en ett \
    for fran ha hade han hans har henne hennes hon honom hur i icke inte jag kan kunde med men mig min \
    mina mitt mot nagon nagot nar nu och om over pa sa sedan sig sin sina skulle som till under upp ut \
    vad var vara varfor vem vi vid vilka vilken vilket";

const TAMIL: &str = "\
    அங்கே அது அந்த அல்லது அவன் அவரது அவருக்கு அவருடைய அவர் அவர்கள் அவள் ஆனால் இங்கே இது இந்த இருந்த \
    இருந்து இல்லை உங்கள் உனக்கு உன் உள்ள உள்ளது எங்கே எது எத்தனை எந்த எனக்கு எனது என் என்ன என்னுடைய \
    என்னை என்பது என்ற என்று எப்படி எப்போது எவ்வளவு ஏன் ஒரு கூட தான் நாங்கள் நான் நாம் நீ நீங்கள் பல \
    பின்னர் போது மற்றும் முன் மேலும் யார் வரை";

const TURKISH: &str = "\
    a ama bana ben bende beni benim bir biz bizim bu cok da daha dan de degil den diye e en fakat gibi \
    hangi her i icin idi ile in ise kac kadar ki kim kime kimin la le mi mu nasil ne neden nerede \
    nereden nereye nicin nin niye nun o olan olarak oldu ona onlar onlarin onu onun sana sen seni senin \
    siz sizin su ta tan te ten u un var ve veya ya ye yi yok";

#[cfg(test)]
mod tests {
    use super::stop_words;
    use crate::language::folding::Forms;
    use crate::model::Language;

    #[test]
    fn stop_words_are_folded_sorted_and_few() {
        for language in Language::ALL {
            let words: Vec<&str> = stop_words(language).split_whitespace().collect();
            assert!(words.is_sorted_by(|one, other| one < other), "{language:?}");
            let range = if language == Language::None { 0..=0 } else { 40..=90 };
            assert!(range.contains(&words.len()), "{language:?} has {}", words.len());
            let forms = Forms::new(language);
            for word in words {
                assert_eq!(forms.fold(word).collect::<String>(), word, "{language:?}");
            }
        }
    }
}
