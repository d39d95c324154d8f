namespace IncomingCalls.Tests.Callers;

/// <summary>A resolver whose answers the test determines. By default it has no names.</summary>
internal abstract class ScriptedResolver : ICallerNameResolver
{
    private readonly SemaphoreSlim _called = new(0);
    private int _calls;

    public Func<CallerNameQuery, CancellationToken, Task<CallerName?>> OnResolve { get; set; } = static (_, _) => Task.FromResult<CallerName?>(null);

    /// <summary>The number of calls.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public static CallerName NameOf(string name) => new() { Name = name, Source = "test" };

    /// <summary>Waits until the resolver has been called once more.</summary>
    public async Task WaitForCallAsync() => (await _called.WaitAsync(TimeSpan.FromSeconds(10))).Should().BeTrue("the resolver is called");

    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        _called.Release();
        return await OnResolve(query, cancellationToken);
    }

    /// <summary>Makes every further call fail.</summary>
    public void Fail(string message) => OnResolve = (_, _) => throw new InvalidOperationException(message);

    /// <summary>Makes every further call return a name.</summary>
    public void Return(string name) => OnResolve = (_, _) => Task.FromResult<CallerName?>(NameOf(name));

    /// <summary>Makes every further call wait for the returned source, whatever happens to its token.</summary>
    public TaskCompletionSource<CallerName?> Block()
    {
        var answer = new TaskCompletionSource<CallerName?>(TaskCreationOptions.RunContinuationsAsynchronously);
        OnResolve = (_, _) => answer.Task;
        return answer;
    }
}

internal sealed class CrmContacts : ScriptedResolver;

internal sealed class ShopContacts : ScriptedResolver;

internal sealed class FallbackContacts : ScriptedResolver;
