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

/// <summary>The part of the Telegram Bot API that sends, edits and receives texts, over HTTP on the loopback address.</summary>
internal sealed class FakeTelegram : IAsyncDisposable
{
    public const string Token = "1234567:fake-bot-token";

    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<TelegramMessage> _messages = [];
    private readonly List<JsonObject> _updates = [];
    private readonly WebApplication _app;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TelegramOutage? _outage;
    private int _refusedCount;

    private FakeTelegram()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost($"/bot{Token}/{{method}}", AnswerAsync);
    }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyList<TelegramMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>The number of messages and edits that were answered with an error, including edits without a change.</summary>
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

    private static JsonObject CreateMessage(int id, long chatId, string text) => new()
    {
        ["message_id"] = id,
        ["date"] = 1790000000,
        ["chat"] = new JsonObject { ["id"] = chatId, ["type"] = chatId < 0 ? "supergroup" : "private" },
        ["text"] = text,
    };

    private static JsonObject CreateError(int code, string description, int? retryAfter = null) => new()
    {
        ["ok"] = false,
        ["error_code"] = code,
        ["description"] = description,
        ["parameters"] = retryAfter is null ? null : new JsonObject { ["retry_after"] = retryAfter },
    };

    private async Task<IResult> AnswerAsync(string method, HttpRequest request, CancellationToken cancellationToken)
    {
        var parameters = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancellationToken))!.AsObject();
        var answer = method == "getUpdates"
            ? await GetUpdatesAsync((int?)parameters["offset"] ?? 0, cancellationToken)
            : SendOrEdit(method, (long)parameters["chat_id"]!, (string)parameters["text"]!, (int?)parameters["message_id"]);
        return Results.Json(answer, statusCode: (int?)answer["error_code"] ?? StatusCodes.Status200OK);
    }

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

    private JsonObject SendOrEdit(string method, long chatId, string text, int? id)
    {
        JsonObject answer = null!;
        Change(() =>
        {
            var known = _messages.Find(message => message.Id == id && message.ChatId == chatId);
            answer = _outage is { } outage ? CreateError(outage.StatusCode, "Out of order", outage.RetryAfter)
                : method == "editMessageText" && known is null ? CreateError(400, "Bad Request: message to edit not found")
                : known?.Text == text ? CreateError(400, "Bad Request: message is not modified: specified new message content is the same")
                : new() { ["ok"] = true, ["result"] = CreateMessage(StoreMessage(known, chatId, text), chatId, text) };
            _refusedCount += (bool)answer["ok"]! ? 0 : 1;
        });
        return answer;
    }

    private int StoreMessage(TelegramMessage? known, long chatId, string text)
    {
        var message = new TelegramMessage { Id = known?.Id ?? _messages.Count + 1, ChatId = chatId, Texts = [.. known?.Texts ?? [], text] };
        if (known is null)
        {
            _messages.Add(message);
        }
        else
        {
            _messages[_messages.IndexOf(known)] = message;
        }

        return message.Id;
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

/// <summary>A message in a chat.</summary>
internal sealed class TelegramMessage
{
    public required int Id { get; init; }

    public required long ChatId { get; init; }

    /// <summary>All texts of the message, oldest first.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The current text of the message.</summary>
    public string Text => Texts[^1];
}

/// <summary>The error that Telegram answers with during an outage.</summary>
internal sealed record TelegramOutage(int StatusCode, int? RetryAfter = null);
