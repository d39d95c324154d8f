using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using IncomingCalls.LoadTests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Benchmarks;

/// <summary>The whole pipeline without the network: from the bytes through intake, policy and in-memory inbox to an empty handler and back.</summary>
[MemoryDiagnoser]
public class EmptyPipeline
{
    private readonly IHost _host = BuildHost();
    private readonly byte[] _offer = [.. SamplePayloads.Offer];
    private ICallIntake _intake = null!;
    private int _idOffset;
    private long _call;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        await _host.StartAsync();
        _intake = _host.Services.GetRequiredService<ICallIntake>();
        _idOffset = Encoding.ASCII.GetString(_offer).IndexOf("AAAA", StringComparison.Ordinal);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<IntakeResult> Offer()
    {
        (++_call).TryFormat(_offer.AsSpan(_idOffset, 32), out _, "X32", CultureInfo.InvariantCulture);
        return _intake.AcceptAsync(_offer);
    }

    [Benchmark]
    public ValueTask<IntakeResult> Duplicate() => _intake.AcceptAsync(SamplePayloads.Offer);

    [Benchmark]
    public ValueTask<IntakeResult> OtherType() => _intake.AcceptAsync(BenchmarkPayloads.OtherType);

    private static IHost BuildHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddIncomingCalls().AddHandler<EmptyHandler>();
        return builder.Build();
    }

    /// <summary>A handler that does nothing.</summary>
    private sealed class EmptyHandler : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
