namespace IncomingCalls.BotHost.Tests.Telegram;

/// <summary>The chats of the bot and its messages in them. Not thread-safe.</summary>
internal sealed class TelegramChats
{
    private readonly List<TelegramMessage> _messages = [];
    private readonly Dictionary<long, long> _supergroups = [];

    public IReadOnlyList<TelegramMessage> Messages => [.. _messages];

    /// <summary>Records that a group has become a supergroup, with another id.</summary>
    public void Upgrade(long group, long supergroup) => _supergroups[group] = supergroup;

    public void Delete(TelegramMessage message) => Replace(message.ChatId, message.Id, found => found with { IsDeleted = true });

    /// <summary>Records that a message can no longer be deleted.</summary>
    public void Protect(TelegramMessage message) => Replace(message.ChatId, message.Id, found => found with { IsProtected = true });

    /// <summary>Finds the error of a request; null for none.</summary>
    public TelegramError? FindError(TelegramRequest request)
    {
        // Documented: migrate_to_chat_id is the id of the supergroup that the group has become. Reported: status 400 and this description. Assumed: of all methods.
        if (_supergroups.TryGetValue(request.ChatId, out var supergroup))
        {
            return new(400, "Bad Request: group chat was upgraded to a supergroup chat", "migrate_to_chat_id", supergroup);
        }

        if (request.MessageId is not { } id)
        {
            return null;
        }

        // Reported: a message that was deleted, or that the chat never had, is not found.
        if (Find(request.ChatId, id) is not { IsDeleted: false } message)
        {
            return new(400, $"Bad Request: message to {(request.Text is null ? "delete" : "edit")} not found");
        }

        // Documented: a message can only be deleted for 48 hours. Reported: this description.
        return request.Text is null && message.IsProtected ? new(400, "Bad Request: message can't be deleted for everyone")
            // Reported: an edit without a change is an error.
            : request.Text == message.Text ? new(400, "Bad Request: message is not modified: specified new message content is the same")
            : null;
    }

    /// <summary>Executes a request that has no error, and returns its message.</summary>
    public TelegramMessage Apply(TelegramRequest request)
    {
        if (request.MessageId is { } id)
        {
            return Replace(request.ChatId, id, message => request.Text is { } text ? message with { Texts = [.. message.Texts, text] } : message with { IsDeleted = true });
        }

        // Documented: the id of a message is unique within its chat. Assumed: the ids of a supergroup start at 1 as well.
        var sent = new TelegramMessage { Id = _messages.Count(other => other.ChatId == request.ChatId) + 1, ChatId = request.ChatId, Texts = [request.Text!] };
        _messages.Add(sent);
        return sent;
    }

    private TelegramMessage? Find(long chatId, int id) => _messages.Find(message => message.ChatId == chatId && message.Id == id);

    private TelegramMessage Replace(long chatId, int id, Func<TelegramMessage, TelegramMessage> change)
    {
        var index = _messages.IndexOf(Find(chatId, id)!);
        return _messages[index] = change(_messages[index]);
    }
}

/// <summary>A request to send, edit or delete a message.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="MessageId">The message to edit or to delete; null to send one.</param>
/// <param name="Text">The text of the message; null to delete it.</param>
internal sealed record TelegramRequest(long ChatId, int? MessageId, string? Text);

/// <summary>A message of the bot in a chat.</summary>
internal sealed record TelegramMessage
{
    public required int Id { get; init; }

    public required long ChatId { get; init; }

    /// <summary>All texts of the message, oldest first.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>Whether a user or the bot has deleted the message.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Whether the message can no longer be deleted.</summary>
    public bool IsProtected { get; init; }

    /// <summary>The current text of the message.</summary>
    public string Text => Texts[^1];
}

/// <summary>An error of the Bot API.</summary>
/// <param name="Code">The error code.</param>
/// <param name="Description">The description.</param>
/// <param name="ParameterName">The name of the response parameter; null for none.</param>
/// <param name="ParameterValue">The value of the response parameter.</param>
internal sealed record TelegramError(int Code, string Description, string? ParameterName = null, long? ParameterValue = null);
