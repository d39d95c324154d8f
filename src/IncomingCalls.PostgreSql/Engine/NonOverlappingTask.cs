namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Background work that is started again and again, but not while it still runs. Thread-safe.</summary>
/// <param name="onFailed">Receives what the work throws.</param>
internal sealed class NonOverlappingTask(Action<Exception> onFailed)
{
    private readonly Lock _gate = new();

    /// <summary>Completes when the work that was started last has ended.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the work on the thread pool, unless it runs.</summary>
    public void Start(Func<Task> work)
    {
        lock (_gate)
        {
            if (Completion.IsCompleted)
            {
                Completion = Task.Run(() => RunAsync(work));
            }
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            onFailed(e);
        }
    }
}
