"""Messages for chats: what they say, in each service's form, and the one poster of them."""
