using System.Collections.Concurrent;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Tests.DependencyInjection;

public class RegistrationTests
{
    [Fact]
    public async Task Add_EverythingTwice_RunsOnce()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            for (var i = 0; i < 2; i++)
            {
                builder.Services.AddIncomingCalls();
                builder.AddHandler<JournalHandler>().AddChatRecorder<JournalRecorder>().AddOperatorNotifier<JournalNotifier>()
                    .AddFilter<JournalFilter>().AddCallerNames<NoNames>().AddForeignHandler<NoForeign>().AddInstances<NoInstances>();
                builder.Services.AddHealthChecks().AddIncomingCalls();
            }
        });

        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Journal.Lines.Should().BeEquivalentTo(
            "raise 1101000001/A/Offered +70000000101", "record Incoming call 70000000101@c.us +70000000101", "Offered",
            "> IncomingCalls.Tests.Hosting.JournalHandler", "> IncomingCalls.Tests.Hosting.JournalRecorder", "> IncomingCalls.Tests.Hosting.JournalNotifier");
    }

    [Fact]
    public void Dispose_SynchronousProvider_IsEnough()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIncomingCalls();
        var provider = services.BuildServiceProvider();
        provider.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Should().NotBeEmpty();

        provider.Invoking(p => p.Dispose()).Should().NotThrow();
    }

    [Fact]
    public async Task AddHandler_SameClassUnderTwoNames_IsTwoHandlers()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>("a").AddHandler<JournalHandler>("b"));

        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Journal.Lines.Should().Equal("Offered", "Offered");
    }

    [Fact]
    public async Task AddFilter_Several_FirstIsOutermostAndMayStopTheWay()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddFilter<JournalFilter>().AddFilter<Stopper>().AddHandler<JournalHandler>("crm"));

        (await host.Intake.AcceptAsync(Wire.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await host.Intake.AcceptAsync(Wire.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Repeat, "not calling next counts as handled");

        host.Journal.Lines.Should().Equal("stopped crm", "> crm");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UsePolicy_ClassIsASingletonOfTheHost_IsThatObject(bool isRegisteredBefore)
    {
        await using var host = await TestHost.StartAsync(builder => AddWithSingleton(builder, isRegisteredBefore, static calls => calls.UsePolicy<Singleton>()));

        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Services.GetRequiredService<Singleton>().Uses.Should().Equal("Decide");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddInstances_ClassIsASingletonOfTheHost_IsThatObject(bool isRegisteredBefore)
    {
        await using var host = await TestHost.StartAsync(builder => AddWithSingleton(builder, isRegisteredBefore, static calls => calls.AddInstances<Singleton>()));

        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Services.GetRequiredService<Singleton>().Uses.Should().Contain("Find");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddCallerNames_ClassIsASingletonOfTheHost_IsThatObjectAndOutlivesTheLookUp(bool isRegisteredBefore)
    {
        await using var host = await TestHost.StartAsync(builder => AddWithSingleton(
            builder, isRegisteredBefore, static calls => calls.AddCallerNames<Singleton>().AddChatRecorder<JournalRecorder>()));

        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Services.GetRequiredService<Singleton>().Uses.Should().Equal("Resolve");
    }

    [Fact]
    public async Task AddCallerNames_HostRegisteredTheServiceItself_IsAskedOnce()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<ICallerNameResolver, Singleton>();
            builder.AddCallerNames<Singleton>().AddChatRecorder<JournalRecorder>();
        });

        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Services.GetServices<ICallerNameResolver>().Should().ContainSingle().Which.Should().BeOfType<Singleton>().Which.Uses.Should().Equal("Resolve");
    }

    [Fact]
    public async Task HealthCheck_InlineInbox_IsHealthy()
    {
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddHealthChecks().AddIncomingCalls());

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        report.Status.Should().Be(HealthStatus.Healthy);
        report.Entries.Should().ContainKey("incoming-calls");
    }

    private sealed class JournalFilter(Journal journal) : ICallEventFilter
    {
        public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
        {
            await next(context, cancellationToken);
            journal.Write($"> {context.HandlerName}");
        }
    }

    private sealed class Stopper(Journal journal) : ICallEventFilter
    {
        public ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
        {
            journal.Write($"stopped {context.HandlerName}");
            return ValueTask.CompletedTask;
        }
    }

    private static void AddWithSingleton(IIncomingCallsBuilder builder, bool isRegisteredBefore, Action<IIncomingCallsBuilder> add)
    {
        if (isRegisteredBefore)
        {
            builder.Services.AddSingleton<Singleton>();
        }

        add(builder);
        if (!isRegisteredBefore)
        {
            builder.Services.AddSingleton<Singleton>();
        }
    }

    /// <summary>A class of the host that is everything that the container makes once.</summary>
    private sealed class Singleton : ICallPolicy, IInstanceSource, ICallerNameResolver, IDisposable
    {
        public ConcurrentQueue<string> Uses { get; } = new();

        public CallDecision Decide(CallPolicyContext context)
        {
            Uses.Enqueue("Decide");
            return CallDecision.Handle();
        }

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(Array.Empty<CallInstance>());

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken)
        {
            Uses.Enqueue("Find");
            return new(new CallInstance { IdInstance = idInstance });
        }

        public Microsoft.Extensions.Primitives.IChangeToken Watch() => new Microsoft.Extensions.Primitives.CancellationChangeToken(CancellationToken.None);

        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            Uses.Enqueue("Resolve");
            return new(new CallerName { Name = "Ivan", Source = "crm" });
        }

        public void Dispose() => Uses.Enqueue("Dispose");
    }

    private sealed class NoNames : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => default;
    }

    private sealed class NoForeign : IForeignNotificationHandler
    {
        public ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken) => default;
    }

    private sealed class NoInstances : IInstanceSource
    {
        public bool IsComplete => false;

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(Array.Empty<CallInstance>());

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => default;

        public Microsoft.Extensions.Primitives.IChangeToken Watch() => new Microsoft.Extensions.Primitives.CancellationChangeToken(CancellationToken.None);
    }
}
