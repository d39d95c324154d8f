namespace IncomingCalls.BotHost.Tests.Telegram;

/// <summary>A message as the people in its chat have seen it.</summary>
internal sealed class TelegramMessage
{
    public required int Id { get; init; }

    public required long ChatId { get; init; }

    /// <summary>What it said, one text after another.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>What it says now.</summary>
    public string Text => Texts[^1];
}
