import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.corpus.tokens import Forms, TokenBatch
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.tokenization.parallel.wire import BatchDecoder, BatchEncoder, pack_portion, unpack_portion

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=5)


@given(st.lists(st.builds(Piece, st.text(st.characters(codec="utf-8")), st.booleans())))
def test_portions_arrive_as_they_were(portion):
    assert unpack_portion(pack_portion(portion)) == portion


@given(st.lists(st.tuples(st.booleans(), st.lists(WORDS, max_size=6), st.integers(0, 3)), max_size=6))
def test_batches_arrive_as_they_were_and_each_form_once(parts):
    outbox, inbox = BatchEncoder(), BatchDecoder(str.upper)
    sent, received = Forms(str), []
    for anew, words, ends in parts:
        if anew:
            sent = Forms(str)
        sent.texts.extend(words)
        numbers = np.arange(len(sent.texts), dtype=np.int32)[::-1]
        batch = TokenBatch(numbers, np.arange(ends), np.arange(ends), sent)
        message = outbox.pack(batch)
        received.append(inbox.unpack(message))
        got = received[-1]
        assert got.form_ids.tolist() == numbers.tolist()
        assert got.ends.tolist() == got.text_ends.tolist() == [*range(ends)]
        assert got.form_ids.dtype == np.int32 and got.forms.drop_kind is str.upper
        assert got.forms.texts == sent.texts
        assert len(message) == 24 + 8 * ends + 4 * len(numbers) + len("\n".join(words).encode())
    assert len({batch.forms for batch in received}) == len(received and [p for p in parts[1:] if p[0]]) + bool(received)
