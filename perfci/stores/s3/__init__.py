"""`s3://BUCKET/PREFIX`: blobs as objects in S3 or on any server that speaks its protocol."""

from perfci.stores.s3.store import s3_store

__all__ = ["s3_store"]
