namespace BotHost;

/// <summary>The configuration section <c>BotHost</c>. Without a chat the bot only answers with the ids of chats, and the calls stay in the queue of GREEN-API.</summary>
internal sealed record BotSettings(string BotToken = "", long? ChatId = null, string? BotApiUrl = null)
{
    public string? MissingSetting => BotToken == "" ? "Set BotHost:BotToken to the token that @BotFather gave your bot." : null;
}
