"""The fast tokenizer: each distinct pretoken, a string between white space, is tokenized once and no Doc is made.

Its interface is two names; nothing outside this folder imports the modules behind them.

- `TokenizerSpec.from_tokenizer` describes a pipeline's tokenizer, or returns None where only Docs give its tokens.
- `PretokenEncoder(spec, drop_kind)` turns texts into batches of the tokens that this tokenizer gives.
"""

from spacy_sgns.tokenization.pretokens.encoder import PretokenEncoder
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

__all__ = ["PretokenEncoder", "TokenizerSpec"]
