using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Tests.Handling.Values;

public class CallHandlerStoreTests
{
    private static readonly HandlerKey Key = HandlerKey.Named("key");

    [Theory]
    [InlineData('я', "longer than 4,096 bytes of UTF-8. Store it in a database of your own")]
    [InlineData('\0', "U+0000")]
    [InlineData('\uDE42', "half of a surrogate pair")]
    public async Task Save_ValueThatCannotBeStored_SaysWhatToDo(char end, string reason)
    {
        var value = new string('я', reason.Contains("4,096") ? 2_048 : 1) + end;

        var failure = await RunAsync((store, _) => store.SaveAsync(Key, value, CancellationToken.None));

        failure.Should().BeOfType<ArgumentException>().Which.Message.Should().Contain(reason).And.NotContain("я");
    }

    [Fact]
    public async Task Save_OutsideOfAnAttempt_Throws()
    {
        await using var host = await StartAsync(static (_, _) => ValueTask.CompletedTask);
        await using var scope = host.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<ICallHandlerStore>();

        foreach (var call in (Func<Task>[])[() => store.SaveAsync(Key, "value", CancellationToken.None).AsTask(), () => store.GetAsync(Key, CancellationToken.None).AsTask(), () => store.TryReserveAsync(Key, TestHost.Now, CancellationToken.None).AsTask()])
        {
            await call.Should().ThrowAsync<InvalidOperationException>().WithMessage("There is no attempt of a handler here. Inject ICallHandlerStore into a handler*");
        }
    }

    [Fact]
    public async Task Save_AttemptHasSucceeded_Throws()
    {
        ICallHandlerStore? kept = null;
        await RunAsync((store, _) =>
        {
            kept = store;
            return ValueTask.CompletedTask;
        });

        await FluentActions.Awaiting(() => kept!.SaveAsync(Key, "value", CancellationToken.None).AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("The attempt of the handler has ended*");
    }

    [Fact]
    public async Task Get_After45Days_FindsNothing()
    {
        List<string?> found = [];
        await using var host = await StartAsync(async (store, _) =>
        {
            found.Add(await store.GetAsync(Key, CancellationToken.None));
            if (found.Count == 1)
            {
                await store.SaveAsync(Key, "value", CancellationToken.None);
            }
        });

        foreach (var days in (double[])[0, 44.9, 0.2])
        {
            host.Clock.Advance(TimeSpan.FromDays(days));
            await host.Intake.AcceptAsync(CreateCall($"after {days}"));
        }

        found.Should().Equal(null, "value", null);
    }

    [Fact]
    public async Task Save_MoreThanTheMaximumOfTheInMemoryInbox_DropsTheOldest()
    {
        List<string?> found = [];
        await RunAsync(
            async (store, _) =>
            {
                for (var i = 0; i < 102; i++)
                {
                    await store.SaveAsync(HandlerKey.Named($"{i}"), $"{i}", CancellationToken.None);
                }

                found.Add(await store.GetAsync(HandlerKey.Named("1"), CancellationToken.None));
                found.Add(await store.GetAsync(HandlerKey.Named("2"), CancellationToken.None));
            },
            static options => options.InMemory.MaxCalls = 100);

        found.Should().Equal(null, "2");
    }

    [Fact]
    public async Task Event_InstanceHasAnAccount_IsAboutAPersonOfTheAccount()
    {
        Person? person = null;
        await RunAsync((_, callEvent) =>
        {
            person = callEvent.Person;
            return ValueTask.CompletedTask;
        });

        person.Should().Be(Person.Of(ChatId.Parse("70000000101@c.us"), 1101000002, "acme"));
    }

    /// <summary>Runs one attempt; returns the exception of its behavior.</summary>
    private static async Task<Exception?> RunAsync(Func<ICallHandlerStore, CallEvent, ValueTask> behavior, Action<IncomingCallsOptions>? options = null)
    {
        Exception? failure = null;
        await using var host = await StartAsync(async (store, callEvent) => failure = await Record.ExceptionAsync(() => behavior(store, callEvent).AsTask()), options);
        await host.Intake.AcceptAsync(CreateCall("A"));
        return failure;
    }

    private static IncomingCallNotification CreateCall(string id) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = 1101000001 },
        RawStatus = "declined",
        From = ChatId.Parse("70000000101@c.us"),
        Timestamp = TestHost.Now,
    };

    private static Task<TestHost> StartAsync(Func<ICallHandlerStore, CallEvent, ValueTask> behavior, Action<IncomingCallsOptions>? options = null) => TestHost.StartAsync(
        calls =>
        {
            calls.Services.AddSingleton(behavior);
            calls.AddHandler<StoringHandler>("crm").AddInstances<AccountSource>();
        },
        options);

    private sealed class StoringHandler(ICallHandlerStore store, Func<ICallHandlerStore, CallEvent, ValueTask> behavior) : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => behavior(store, callEvent);
    }

    private sealed class AccountSource : IInstanceSource
    {
        private readonly CallInstance _instance = new() { IdInstance = 1101000001, Account = "acme", Receive = ReceiveMode.Webhook };

        public bool IsComplete => true;

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new([_instance]);

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new(idInstance == _instance.IdInstance ? _instance : null);

        public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);
    }
}
