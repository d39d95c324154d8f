using IncomingCalls.Inbox;

namespace IncomingCalls.PostgreSql.Tests.Hosting;

/// <summary>A worker that records whether it may poll, and which instances it has.</summary>
internal sealed class RecordingWorker : IInstanceWorker
{
    public bool IsWorking { get; private set; }

    public IReadOnlyCollection<CallInstance> Instances { get; private set; } = [];

    public Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping)
    {
        Instances = instances;
        IsWorking = !stopping.IsCancellationRequested && stopping.CanBeCanceled;
        return Task.CompletedTask;
    }

    public Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        IsWorking = false;
        return Task.CompletedTask;
    }
}
