using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Intake;

/// <summary>Two instances of one messenger account report every call twice.</summary>
public class SharedAccountTests
{
    private const int SharedAccount = 1053;
    private const string Account = "10000001@c.us";

    [Fact]
    public async Task AcceptAsync_TwoInstancesOfOneAccount_AreLoggedOnceWithoutTheAccount()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());

        await AcceptAsync(host, 1101000001, Account, "1");
        await AcceptAsync(host, 1101000002, Account, "2");
        await AcceptAsync(host, 1101000002, Account, "3");

        host.Logs.GetSnapshot().Where(record => record.Id.Id == SharedAccount).Should().ContainSingle()
            .Which.Message.Should().StartWith("Instances 1101000001 and 1101000002 belong to the same messenger account.").And.NotContain("10000001@");
    }

    [Theory]
    [InlineData("10000002@c.us", "whatsapp")]
    [InlineData(Account, "v3")]
    [InlineData(null, "whatsapp")]
    public async Task AcceptAsync_OtherAccountOrMessenger_LogsNothing(string? account, string messenger)
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());

        await AcceptAsync(host, 1101000001, Account, "1");
        await AcceptAsync(host, 1101000002, account, "2", messenger);

        host.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == SharedAccount);
    }

    private static async Task AcceptAsync(TestHost host, long idInstance, string? account, string id, string messenger = "whatsapp") =>
        await host.Intake.AcceptAsync(new IncomingCallNotification
        {
            IdMessage = id,
            Instance = new() { IdInstance = idInstance, Wid = account is null ? null : ChatId.Parse(account), TypeInstance = messenger },
            RawStatus = "declined",
            From = ChatId.Parse("10000009@c.us"),
            Timestamp = host.Clock.GetUtcNow(),
        });
}
