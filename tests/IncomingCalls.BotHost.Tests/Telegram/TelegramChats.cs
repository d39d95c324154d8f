namespace IncomingCalls.BotHost.Tests.Telegram;

/// <summary>The chats of the bot and its messages in them. Not thread-safe.</summary>
internal sealed class TelegramChats
{
    private readonly List<TelegramMessage> _messages = [];
    private readonly Dictionary<long, long> _supergroups = [];

    public IReadOnlyList<TelegramMessage> Messages => [.. _messages];

    /// <summary>Records that a group has become a supergroup, with another id.</summary>
    public void Upgrade(long group, long supergroup) => _supergroups[group] = supergroup;

    public void Delete(TelegramMessage message) => Replace(Find(message.ChatId, message.Id)!, deleted => deleted with { IsDeleted = true });

    /// <summary>Finds the error of a request to send a message, or to edit one.</summary>
    public TelegramError? FindError(long chatId, string text, int? editedId)
    {
        // Documented: migrate_to_chat_id is the id of the supergroup that the group has become. Reported: status 400 and this description. Assumed: of both methods.
        if (_supergroups.TryGetValue(chatId, out var supergroup))
        {
            return new(400, "Bad Request: group chat was upgraded to a supergroup chat", "migrate_to_chat_id", supergroup);
        }

        if (editedId is not { } id)
        {
            return null;
        }

        // Reported: a message that was deleted, or that the chat never had, is not found.
        if (Find(chatId, id) is not { IsDeleted: false } message)
        {
            return new(400, "Bad Request: message to edit not found");
        }

        // Reported: an edit without a change is an error.
        return message.Text == text ? new(400, "Bad Request: message is not modified: specified new message content is the same") : null;
    }

    /// <summary>Stores a new message, or the new text of an edited one, and returns its id.</summary>
    public int Store(long chatId, string text, int? editedId)
    {
        if (editedId is { } id)
        {
            Replace(Find(chatId, id)!, message => message with { Texts = [.. message.Texts, text] });
            return id;
        }

        // Documented: the id of a message is unique within its chat. Assumed: the ids of a supergroup start at 1 as well.
        var message = new TelegramMessage { Id = _messages.Count(other => other.ChatId == chatId) + 1, ChatId = chatId, Texts = [text] };
        _messages.Add(message);
        return message.Id;
    }

    private TelegramMessage? Find(long chatId, int id) => _messages.Find(message => message.ChatId == chatId && message.Id == id);

    private void Replace(TelegramMessage message, Func<TelegramMessage, TelegramMessage> change) => _messages[_messages.IndexOf(message)] = change(message);
}

/// <summary>A message of the bot in a chat.</summary>
internal sealed record TelegramMessage
{
    public required int Id { get; init; }

    public required long ChatId { get; init; }

    /// <summary>All texts of the message, oldest first.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>Whether a user has deleted the message.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>The current text of the message.</summary>
    public string Text => Texts[^1];
}

/// <summary>An error of the Bot API.</summary>
/// <param name="Code">The error code.</param>
/// <param name="Description">The description.</param>
/// <param name="ParameterName">The name of the response parameter; null for none.</param>
/// <param name="ParameterValue">The value of the response parameter.</param>
internal sealed record TelegramError(int Code, string Description, string? ParameterName = null, long? ParameterValue = null);
