//! Picks search words from a question: the telling words of each of its clauses.

/// Searches asked for at once.
const TOPICS_MAX: usize = 3;
/// Words of one search, the first ones of a clause.
const TOPIC_WORDS_MAX: usize = 3;

/// English words that say how something is asked, not what about.
const EMPTY_WORDS: &str = " a about after all am an and any anything are as at be been before being but by can \
    could did do does doing each else every explain far for from get gets give given had happen happens has have how \
    i if in into is it its just kind like long made make makes many may me mean means might more most much must my \
    no not of often on one only or other our out over please say says see shall should show so some something such \
    tell than that the their them then there these they thing things this those through to too under up use used \
    uses using very was we well were what when where whether which while who whom whose why will with work works \
    would you your ";

/// Returns the searches that `question` suggests, at least one unless it is blank.
///
/// A question of a single clause is also looked up by its longest word alone.
pub(super) fn topics(question: &str) -> Vec<String> {
    let mut topics: Vec<_> = clauses(question).filter_map(topic).collect();
    topics.dedup();
    topics.truncate(TOPICS_MAX);
    match topics.as_slice() {
        [] => first_words(question),
        [only] => {
            let longest = only.split(' ').max_by_key(|word| word.chars().count());
            let longest = longest.filter(|word| word != only).map(str::to_owned);
            topics.extend(longest);
            topics
        }
        _ => topics,
    }
}

fn clauses(question: &str) -> impl Iterator<Item = &str> {
    question
        .split([',', ';', ':', '.', '?', '!', '\n'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" or "))
}

fn topic(clause: &str) -> Option<String> {
    let is_telling = |word: &&str| !EMPTY_WORDS.contains(&format!(" {} ", word.to_lowercase()));
    let words = split_words(clause).filter(is_telling);
    let words: Vec<_> = words.take(TOPIC_WORDS_MAX).collect();
    (!words.is_empty()).then(|| words.join(" ").to_lowercase())
}

/// What is left to search for when every word is an empty one.
fn first_words(question: &str) -> Vec<String> {
    let words: Vec<_> = split_words(question).take(TOPIC_WORDS_MAX).collect();
    let topic = words.join(" ").to_lowercase();
    Some(topic).filter(|topic| !topic.is_empty()).into_iter().collect()
}

fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::topics;

    #[test]
    fn each_clause_of_a_question_is_a_search() {
        let question = "What happens when a ring is full, and how many bytes does one thread hold?";
        assert_eq!(topics(question), ["ring full", "bytes thread hold"]);
    }

    #[test]
    fn a_short_question_is_also_looked_up_by_its_longest_word() {
        assert_eq!(topics("Who owns the exporter?"), ["owns exporter", "exporter"]);
        assert_eq!(topics("baggage?"), ["baggage"]);
    }

    #[test]
    fn a_question_of_empty_words_still_finds_something_to_look_for() {
        assert_eq!(topics("What is it?"), ["what is it"]);
        assert!(topics(" ?! ").is_empty());
    }
}
