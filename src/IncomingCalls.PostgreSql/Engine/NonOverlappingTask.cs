namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Background work that is started again and again, but not while it still runs. To be started by one thread.</summary>
/// <param name="onFailed">Receives what the work throws.</param>
internal sealed class NonOverlappingTask(Action<Exception> onFailed)
{
    /// <summary>Completes when the work that was started last has ended.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the work, unless it runs.</summary>
    public void Start(Func<Task> work)
    {
        if (Completion.IsCompleted)
        {
            Completion = Task.Run(() => RunAsync(work));
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
