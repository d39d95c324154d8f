namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>Lets a test wait until a condition holds; the condition is evaluated after every notification.</summary>
internal sealed class TestSignal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Notify() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task WaitUntilAsync(Func<bool> holds)
    {
        var timeout = Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (true)
        {
            var next = _next.Task;
            if (holds())
            {
                return;
            }

            // Also evaluated periodically, since a notification may precede the state that it announces.
            if (await Task.WhenAny(next, timeout, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System)) == timeout)
            {
                throw new TimeoutException("The condition did not hold within 30 seconds.");
            }
        }
    }
}
