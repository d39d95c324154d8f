using System.Collections.Concurrent;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Tests.DependencyInjection;

public class RegistrationTests
{
    [Fact]
    public async Task Add_EverythingTwice_IsRegisteredOnce()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            for (var i = 0; i < 2; i++)
            {
                builder.Services.AddIncomingCalls();
                builder.AddHandler<RecordingHandler>().AddChatRecorder<RecordingChatRecorder>().AddOperatorNotifier<RecordingNotifier>()
                    .AddFilter<RecordingFilter>().AddCallerNames<EmptyNameResolver>().AddOtherNotificationHandler<NoOpOtherNotificationHandler>().AddInstances<EmptyInstanceSource>();
                builder.Services.AddHealthChecks().AddIncomingCalls();
            }
        });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await host.WaitUntilIdleAsync();

        host.Recorder.Lines.Should().BeEquivalentTo(
            "raise 1101000001/A/Offered +70000000101", "record Incoming call 70000000101@c.us +70000000101", "Offered",
            "> IncomingCalls.Tests.Hosting.RecordingHandler", "> IncomingCalls.Tests.Hosting.RecordingChatRecorder", "> IncomingCalls.Tests.Hosting.RecordingNotifier");
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
    public async Task AddHandler_SameClassUnderTwoNames_RegistersTwoHandlers()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("a").AddHandler<RecordingHandler>("b"));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        host.Recorder.Lines.Should().Equal("Offered", "Offered");
    }

    [Fact]
    public async Task AddFilter_Several_FirstIsOutermostAndMayShortCircuit()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddFilter<RecordingFilter>().AddFilter<ShortCircuitingFilter>().AddHandler<RecordingHandler>("crm"));

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate, "an event counts as handled when a filter does not call next");

        host.Recorder.Lines.Should().Equal("stopped crm", "> crm");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UsePolicy_ClassIsASingletonOfTheHost_IsThatObject(bool isRegisteredBefore)
    {
        await using var host = await TestHost.StartAsync(builder => AddWithSingleton(builder, isRegisteredBefore, static calls => calls.UsePolicy<Singleton>()));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        host.Services.GetRequiredService<Singleton>().Uses.Should().Equal("Decide");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddInstances_ClassIsASingletonOfTheHost_IsThatObject(bool isRegisteredBefore)
    {
        await using var host = await TestHost.StartAsync(builder => AddWithSingleton(builder, isRegisteredBefore, static calls => calls.AddInstances<Singleton>()));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        host.Services.GetRequiredService<Singleton>().Uses.Should().Contain("Find");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddCallerNames_ClassIsASingletonOfTheHost_UsesThatObjectAndDoesNotDisposeIt(bool isRegisteredBefore)
    {
        await using var host = await TestHost.StartAsync(builder => AddWithSingleton(
            builder, isRegisteredBefore, static calls => calls.AddCallerNames<Singleton>().AddChatRecorder<RecordingChatRecorder>()));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        host.Services.GetRequiredService<Singleton>().Uses.Should().Equal("Resolve");
    }

    [Fact]
    public async Task AddCallerNames_HostRegisteredTheServiceItself_IsQueriedOnce()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<ICallerNameResolver, Singleton>();
            builder.AddCallerNames<Singleton>().AddChatRecorder<RecordingChatRecorder>();
        });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        host.Services.GetServices<ICallerNameResolver>().Should().ContainSingle().Which.Should().BeOfType<Singleton>().Which.Uses.Should().Equal("Resolve");
    }

    [Fact]
    public async Task HealthCheck_InMemoryInbox_IsHealthy()
    {
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddHealthChecks().AddIncomingCalls());

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        report.Status.Should().Be(HealthStatus.Healthy);
        report.Entries.Should().ContainKey("incoming-calls");
    }

    private sealed class RecordingFilter(TestRecorder journal) : ICallEventFilter
    {
        public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
        {
            await next(context, cancellationToken);
            journal.Record($"> {context.HandlerName}");
        }
    }

    private sealed class ShortCircuitingFilter(TestRecorder journal) : ICallEventFilter
    {
        public ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
        {
            journal.Record($"stopped {context.HandlerName}");
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

    /// <summary>A class of the host that implements every service that is registered as a singleton.</summary>
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

    private sealed class EmptyNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => default;
    }

    private sealed class NoOpOtherNotificationHandler : IOtherNotificationHandler
    {
        public ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken) => default;
    }

    private sealed class EmptyInstanceSource : IInstanceSource
    {
        public bool IsComplete => false;

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(Array.Empty<CallInstance>());

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => default;

        public Microsoft.Extensions.Primitives.IChangeToken Watch() => new Microsoft.Extensions.Primitives.CancellationChangeToken(CancellationToken.None);
    }
}
