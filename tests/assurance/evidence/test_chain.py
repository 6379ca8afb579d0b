import hashlib

from assurance.evidence import chain, tree


class TestTheHashOfAnEntry:
    def test_covers_the_documented_bytes_in_the_documented_order(self):
        log = hashlib.sha256(b"wuyou.example/log").digest()
        digest = hashlib.sha256(b'{"a":1}').digest()
        expected = hashlib.sha256(b"\x00" + log + bytes(6) + b"\x02\x01" + b"\x11" * 32 + b"\x22" * 32 + digest).digest()

        assert chain.log_id("wuyou.example/log") == log
        assert chain.entry_hash(log, 0x0201, b"\x11" * 32, b"\x22" * 32, chain.digest_of(b'{"a":1}')) == expected

    def test_in_a_products_chain_covers_the_product_and_its_number_there(self):
        log = chain.log_id("x")
        digest = hashlib.sha256(b"{}").digest()
        expected = hashlib.sha256(b"\x02" + log + bytes(7) + b"\x07" + bytes(7) + b"\x03" + bytes(32) + digest + "查".encode()).digest()

        assert chain.link_hash(log, 7, 3, chain.NONE, "查", digest) == expected

    def test_is_never_the_hash_of_an_inner_node(self):
        log = chain.log_id("x")
        inner = tree.node_hash(log, bytes(32))

        assert chain.entry_hash(log, 0, bytes(32), bytes(32), b"") != inner
