"""A tiny corpus with known counts."""

QUICK = {"dim": 8, "epochs": 5, "learning_rate": 0.5, "min_count": 3, "subsample": 0.0}
TEXTS = [
    "The cat saw the dog. The Cat ran, and the DOG ran too!",
    "An iPhone rang; the cat heard the iphone. The dog ran to the iPhone",
    "On 3 May the cat and the dog ran to an apple. Apple rang.",
] * 4 + ["Zanzibarov wrote to zanna@zanzibarov.example and saw the cat."]
RARE = ("zanzibarov", "zanna")  # parts of words below min_count
