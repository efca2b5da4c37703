-- What is known of Slack's channels by id, the ids that they go by now, and secrets that Slack renews, encrypted.

CREATE TABLE IF NOT EXISTS slack_channels (
    workspace   VARCHAR   NOT NULL,  -- the workspace whose installation was told; empty where there is but one
    channel     VARCHAR   NOT NULL,  -- the conversation's id
    name        VARCHAR   NOT NULL,  -- without the #; empty where Slack does not say
    created     BIGINT    NOT NULL,  -- when the channel was made, in seconds as Slack counts them; 0 where it does not say
    creator     VARCHAR   NOT NULL,  -- the member who made it; empty where Slack does not say
    is_archived BOOLEAN   NOT NULL,
    is_member   BOOLEAN   NOT NULL,  -- whether the app is in it
    is_private  BOOLEAN   NOT NULL,
    is_shared   BOOLEAN   NOT NULL,  -- with another company
    told_at     TIMESTAMP NOT NULL,  -- when Slack said so, UTC
    PRIMARY KEY (workspace, channel)
);

CREATE TABLE IF NOT EXISTS slack_channel_moves (
    old_channel VARCHAR   NOT NULL,
    new_channel VARCHAR   NOT NULL,
    noted_at    TIMESTAMP NOT NULL,  -- UTC
    PRIMARY KEY (old_channel)
);

CREATE TABLE IF NOT EXISTS slack_secrets (
    name       VARCHAR   NOT NULL,  -- what it is for, such as installation T012AB3CD
    sealed     VARCHAR   NOT NULL,  -- encrypted under the key in AGENTCOST_SECRET_KEY, which is nowhere in the warehouse
    written_at TIMESTAMP NOT NULL,  -- UTC
    PRIMARY KEY (name)
);
