/* chat_list.h: every chat platform there is, one row each; see wire/chat.h. */
CHAT(local)
CHAT(slack)
CHAT(xmpp)
CHAT(mattermost)
