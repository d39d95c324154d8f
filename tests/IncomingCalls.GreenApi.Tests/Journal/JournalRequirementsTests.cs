using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Journal;

/// <summary>The journal creates calls only where they are stored.</summary>
public class JournalRequirementsTests
{
    [Fact]
    public async Task Start_JournalCreatesCallsAndTheInboxIsInMemory_FailsWithWhatToDo()
    {
        var starting = () => TestHost.StartAsync(new(), [], static calls => calls.AddGreenApi(static options => options.CallJournal = CallJournalUse.OutcomesAndCalls));

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("GreenApi:CallJournal is OutcomesAndCalls*UseSqliteInbox()*");
    }

    [Fact]
    public async Task Start_InstanceOfTheJournalAndTheInboxIsInMemory_FailsWithWhatToDo()
    {
        CallInstance instance = new() { IdInstance = 1101000001, ApiTokenInstance = "token", ApiUrl = new("http://localhost:1"), Receive = ReceiveMode.Journal };

        var starting = () => TestHost.StartAsync(new(), [instance]);

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("Instance 1101000001 has Receive = Journal*UseSqliteInbox()*");
    }
}
