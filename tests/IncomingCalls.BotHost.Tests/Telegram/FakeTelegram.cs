using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.BotHost.Tests.Telegram;

/// <summary>
/// The part of the Telegram Bot API that sends, edits, deletes and receives texts, over HTTP on the loopback address. Each rule is marked as documented on
/// <see href="https://core.telegram.org/bots/api"/>, reported by users, or assumed.
/// </summary>
internal sealed class FakeTelegram : IAsyncDisposable
{
    public const string Token = "1234567:fake-bot-token";

    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly TelegramChats _chats = new();
    private readonly List<JsonObject> _updates = [];
    private readonly WebApplication _app;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _answering = CreateCompleted();
    private TelegramOutage? _outage;
    private int _refusedCount;

    private FakeTelegram()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        // Documented: requests are sent to /bot<token>/METHOD_NAME, among others with POST and JSON.
        _app.MapPost($"/bot{Token}/{{method}}", AnswerAsync);
    }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The messages of the bot, oldest first, including deleted ones.</summary>
    public IReadOnlyList<TelegramMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return _chats.Messages;
            }
        }
    }

    /// <summary>The messages that are not deleted, oldest first.</summary>
    public IReadOnlyList<TelegramMessage> VisibleMessages => [.. Messages.Where(message => !message.IsDeleted)];

    /// <summary>The number of messages, edits and deletions that were answered with an error, including edits without a change.</summary>
    public int RefusedCount
    {
        get
        {
            lock (_gate)
            {
                return _refusedCount;
            }
        }
    }

    public static async Task<FakeTelegram> StartAsync()
    {
        var telegram = new FakeTelegram();
        await telegram._app.StartAsync();
        return telegram;
    }

    /// <summary>Starts an outage; null ends it.</summary>
    public void SetOutage(TelegramOutage? outage) => Change(() => _outage = outage);

    /// <summary>Simulates that a user deletes a message of the bot.</summary>
    public void DeleteMessage(TelegramMessage message) => Change(() => _chats.Delete(message));

    /// <summary>Simulates that a message can no longer be deleted.</summary>
    public void ProtectMessage(TelegramMessage message) => Change(() => _chats.Protect(message));

    /// <summary>Executes requests without answering them, until <see cref="ReleaseAnswers"/>.</summary>
    public void HoldAnswers() => Volatile.Write(ref _answering, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Sends the answers that are held.</summary>
    public void ReleaseAnswers() => Volatile.Read(ref _answering).SetResult();

    /// <summary>Simulates that a group becomes a supergroup, for example because its history was made visible to new members.</summary>
    public void UpgradeToSupergroup(long group, long supergroup) => Change(() => _chats.Upgrade(group, supergroup));

    /// <summary>Simulates a message of a user to the bot.</summary>
    public void ReceiveUserMessage(long chatId, string text) => Change(() => _updates.Add(new()
    {
        ["update_id"] = 1000 + _updates.Count,
        ["message"] = CreateMessage(_updates.Count, chatId, text),
    }));

    /// <summary>Waits until a condition holds; it is evaluated after every change.</summary>
    public async Task WaitUntilAsync(Func<FakeTelegram, bool> condition)
    {
        var limit = Task.Delay(WaitLimit, TimeProvider.System);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (condition(this))
            {
                return;
            }

            (await Task.WhenAny(changed, limit)).Should().NotBe(limit, "there are {0} refusals and the messages {1}", RefusedCount, string.Join(", ", Messages.Select(message => message.Text)));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Documented: a Message has its id, its date and its chat.</summary>
    private static JsonObject CreateMessage(int id, long chatId, string text) => new()
    {
        ["message_id"] = id,
        ["date"] = 1790000000,
        ["chat"] = new JsonObject { ["id"] = chatId, ["type"] = chatId < 0 ? "supergroup" : "private" },
        ["text"] = text,
    };

    /// <summary>
    /// Documented: an unsuccessful response has <c>ok</c> = false, <c>error_code</c> and <c>description</c>, and some errors have <c>parameters</c>. Reported:
    /// the HTTP status is the error code.
    /// </summary>
    private static JsonObject CreateError(TelegramError error) => new()
    {
        ["ok"] = false,
        ["error_code"] = error.Code,
        ["description"] = error.Description,
        ["parameters"] = error.ParameterName is null ? null : new JsonObject { [error.ParameterName] = error.ParameterValue },
    };

    private static TaskCompletionSource CreateCompleted()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private async Task<IResult> AnswerAsync(string method, HttpRequest request, CancellationToken cancellationToken)
    {
        var parameters = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancellationToken))!.AsObject();
        var answer = method == "getUpdates"
            ? await GetUpdatesAsync((int?)parameters["offset"] ?? 0, cancellationToken)
            : Execute(new((long)parameters["chat_id"]!, (int?)parameters["message_id"], (string?)parameters["text"]));
        if (method != "getUpdates")
        {
            await Volatile.Read(ref _answering).Task.WaitAsync(cancellationToken);
        }

        return Results.Json(answer, statusCode: (int?)answer["error_code"] ?? StatusCodes.Status200OK);
    }

    /// <summary>Documented: <c>offset</c> is the first update to return, and confirms those before it. Assumed: a poll lasts until there is an update.</summary>
    private async Task<JsonObject> GetUpdatesAsync(int offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
                var news = _updates.Where(update => (int)update["update_id"]! >= offset).ToArray();
                if (news.Length > 0)
                {
                    return new() { ["ok"] = true, ["result"] = new JsonArray([.. news.Select(update => update.DeepClone())]) };
                }
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Documented: sendMessage and editMessageText return the message, and deleteMessage returns true.</summary>
    private JsonObject Execute(TelegramRequest request)
    {
        JsonObject answer = null!;
        Change(() =>
        {
            // Documented: retry_after is the number of seconds to wait after too many requests.
            var error = _outage is { } outage ? new(outage.StatusCode, "Out of order", outage.RetryAfter is null ? null : "retry_after", outage.RetryAfter)
                : _chats.FindError(request);
            answer = error is not null ? CreateError(error) : new() { ["ok"] = true, ["result"] = Apply(request) };
            _refusedCount += error is null ? 0 : 1;
        });
        return answer;
    }

    private JsonNode Apply(TelegramRequest request)
    {
        var message = _chats.Apply(request);
        return request.Text is { } text ? CreateMessage(message.Id, message.ChatId, text) : true;
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>The error that Telegram answers with during an outage.</summary>
internal sealed record TelegramOutage(int StatusCode, int? RetryAfter = null);
