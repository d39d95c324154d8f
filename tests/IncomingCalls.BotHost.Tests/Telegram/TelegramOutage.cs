namespace IncomingCalls.BotHost.Tests.Telegram;

/// <summary>What Telegram answers instead of showing anything.</summary>
internal sealed record TelegramOutage(int StatusCode, int? RetryAfter = null);
