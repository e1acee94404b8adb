from spacy_sgns.sources.stats import warn_once


def test_one_warning_of_each_kind_is_passed_on():
    told = []
    warn_of = warn_once(told.append)
    for name in ("a1.txt", "a2.txt"):
        warn_of(name)(f"{name} looks odd in 1,234.5% of 3 lines.")
        warn_of(name)(f"{name} looks even.")
    warn_of("a3.txt")("Something else.")
    assert told == ["a1.txt looks odd in 1,234.5% of 3 lines.", "a1.txt looks even.", "Something else."]
