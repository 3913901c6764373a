-- Everybody may ask for all that is held about him: it must not cost a look at everybody's.

CREATE INDEX item_signer ON item (signer);
CREATE INDEX notice_about ON notice (addressee) WHERE party <> addressee;
CREATE INDEX sending_person ON sending (person);
CREATE INDEX chunk_uploader ON chunk (uploader, created);
