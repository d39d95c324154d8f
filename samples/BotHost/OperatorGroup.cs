using System.Globalization;
using Telegram.Bot.Exceptions;

namespace BotHost;

/// <summary>
/// The chat of the operators. When a group becomes a supergroup, it gets another id, and Telegram refuses the former one. The new id is used at once
/// and remembered until the setting is changed. Thread-safe, because alerts and outcomes of several calls are sent at once.
/// </summary>
internal sealed class OperatorGroup(BotSettings settings, BotFiles files, ILogger<OperatorGroup> logger)
{
    private const string FileName = "operator-group";

    private readonly Lock _gate = new();
    private long? _chatId;

    /// <summary>The id of the chat.</summary>
    public long ChatId
    {
        get
        {
            lock (_gate)
            {
                return _chatId ??= ReadMigration() ?? Configured;
            }
        }
    }

    private long Configured => settings.ChatId ?? throw new InvalidOperationException("BotHost:ChatId is not set, so there is no chat to send the call to.");

    /// <summary>Uses the id of the supergroup from now on, if that is what an error of Telegram requires.</summary>
    /// <returns>Whether the id has changed since the request, so that it can be repeated.</returns>
    public bool TryMigrate(ApiRequestException exception)
    {
        if (exception.Parameters?.MigrateToChatId is not { } supergroup)
        {
            return false;
        }

        lock (_gate)
        {
            // Of several requests at once, each gets the error.
            if (supergroup != ChatId)
            {
                files.Write(FileName, string.Create(CultureInfo.InvariantCulture, $"{Configured} {supergroup}"));
                _chatId = supergroup;
                LogMigration(supergroup);
            }
        }

        return true;
    }

    /// <summary>Reads the id of the supergroup, unless the setting was changed after the migration.</summary>
    private long? ReadMigration()
    {
        if (files.Read(FileName)?.Split(' ') is not [var group, var supergroup] || long.Parse(group, CultureInfo.InvariantCulture) != Configured)
        {
            return null;
        }

        var chatId = long.Parse(supergroup, CultureInfo.InvariantCulture);
        LogMigration(chatId);
        return chatId;
    }

    private void LogMigration(long supergroup) => logger.LogWarning(
        "The group {Group} of the operators has become the supergroup {Supergroup}, which the bot uses now. Set BotHost:ChatId to {ChatId}.", Configured, supergroup, supergroup);
}
