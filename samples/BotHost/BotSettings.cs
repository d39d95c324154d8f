namespace BotHost;

/// <summary>Section <c>BotHost</c>. Without a chat the bot only tells the ids of chats, and the gateway keeps the calls.</summary>
internal sealed record BotSettings(string BotToken = "", string WebhookToken = "", long? ChatId = null, string? BotApiUrl = null)
{
    public string? MissingSetting =>
        BotToken == "" ? "Set BotHost:BotToken to the token that @BotFather gave your bot."
        : WebhookToken == "" ? "Set BotHost:WebhookToken to the webhookUrlToken of your instance; without it anybody could post calls." : null;
}
