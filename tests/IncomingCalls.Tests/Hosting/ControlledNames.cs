using System.Collections.Concurrent;

namespace IncomingCalls.Tests.Hosting;

/// <summary>A name resolver whose answers the test gives; until then its lookups are pending. Ends with the host.</summary>
internal sealed class ControlledNames : ICallerNameResolver
{
    private readonly ConcurrentDictionary<ChatId, TaskCompletionSource<CallerName?>> _answers = new();
    private readonly SemaphoreSlim _queries = new(0);

    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        _queries.Release();
        return await GetAnswer(query.ChatId).Task.WaitAsync(cancellationToken);
    }

    /// <summary>Answers the lookup of a caller; a null name is the answer that there is none.</summary>
    public void Answer(string chatId, string? name) =>
        TryAnswer(chatId, name).Should().BeTrue("a lookup is answered once");

    /// <summary>Answers the lookup of a caller unless it was answered before.</summary>
    public bool TryAnswer(string chatId, string? name) =>
        GetAnswer(ChatId.Parse(chatId)).TrySetResult(name is null ? null : new() { Name = name, Source = "test" });

    /// <summary>Waits until a number of further queries has arrived.</summary>
    public Task WaitForQueriesAsync(int count) => _queries.WaitForAsync(count);

    private TaskCompletionSource<CallerName?> GetAnswer(ChatId chatId) =>
        _answers.GetOrAdd(chatId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
