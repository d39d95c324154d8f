using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>
/// Ends what a silo leaves behind that was stopped without time: the loop of its grain directory, which then never ends and takes a core of the process of the tests. In production the process of
/// such a silo ends. Orleans has no public member for it.
/// </summary>
internal sealed class AbortedSilo : IHostedService, IDisposable
{
    private readonly Func<Task> _stopDirectory;

    public AbortedSilo(IServiceProvider services)
    {
        var type = Type.GetType("Orleans.Runtime.GrainDirectory.LocalGrainDirectory, Orleans.Runtime", throwOnError: true)!;
        _stopDirectory = type.GetMethod("StopAsync")!.CreateDelegate<Func<Task>>(services.GetRequiredService(type));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopDirectory().Ignore();
}
