namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>Lets a test wait until something holds, looking again whenever something has happened.</summary>
internal sealed class TestSignal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Notify() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task WaitUntilAsync(Func<bool> holds)
    {
        var patience = Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (true)
        {
            var next = _next.Task;
            if (holds())
            {
                return;
            }

            // Looked at again now and then: a beat may come before what it announces can be seen.
            if (await Task.WhenAny(next, patience, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System)) == patience)
            {
                throw new TimeoutException("What the test waits for did not happen.");
            }
        }
    }
}
