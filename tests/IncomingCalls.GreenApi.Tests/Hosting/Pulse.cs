namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>Lets a test wait until something holds, looking again whenever something has happened.</summary>
internal sealed class Pulse
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Beat() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task UntilAsync(Func<bool> holds)
    {
        var patience = Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (true)
        {
            var next = _next.Task;
            if (holds())
            {
                return;
            }

            if (await Task.WhenAny(next, patience) == patience)
            {
                throw new TimeoutException("What the test waits for did not happen.");
            }
        }
    }
}
