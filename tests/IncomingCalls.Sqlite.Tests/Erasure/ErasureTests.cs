using System.Text;
using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Erasure;

/// <summary>Erasure of a person while the host uses the file: what remains in the files and in the log, and what else identifies the person.</summary>
public sealed class ErasureTests : IDisposable
{
    private const string Number = "70000000101";
    private const string LinkedId = "100000000000001@lid";

    private static readonly ChatId Caller = ChatId.Parse($"{Number}@c.us");

    private readonly InboxFolder _folder = new();

    [Fact]
    public async Task EraseCaller_DuringTraffic_IsFoundInNoFileAndInNoLogEntry()
    {
        const int Calls = 600;
        const int Callers = 30;
        ErasureReport report;
        await using (var host = await SqliteHost.StartAsync(_folder.Path))
        {
            host.Recorder.BeforeRecording = static (callEvent, _) => callEvent.Call.Key.IdMessage.EndsWith('0') ? throw new CallEventRejectedException("There is no such customer.") : Task.CompletedTask;
            await ReceiveAsync(host, 0, Calls, Callers);
            await host.Intake.AcceptAsync(Encoding.UTF8.GetBytes($$"""{"typeWebhook":"incomingCall","from":"{{Number}}@c.us"}"""));
            _folder.Execute($"INSERT INTO names (id_instance, chat_id, name, source, expires_at) VALUES (1101000001, '{Number}@c.us', 'Ivan', 'test', 9999999999999)");

            var receiving = ReceiveAsync(host, Calls, 2 * Calls, Callers);
            report = await host.Administration.EraseCallerAsync(account: null, Caller);
            await receiving;

            // What was accepted before the erasure and what was discarded by it are all the calls of the person.
            host.QueryNumber("SELECT COUNT(*) FROM calls WHERE id_message NOT LIKE 'callback/%'").Should().Be(2 * Calls * (Callers - 1) / Callers);
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes") == 0, TimeSpan.FromSeconds(1));
            host.Logs.GetSnapshot().Should().OnlyContain(entry => !entry.Message.Contains(Number));
        }

        FindFiles(Number).Should().BeEmpty();
        FindFiles("70000000102").Should().NotBeEmpty("the others are stored");
        report.IsComplete.Should().BeTrue();
        report.Counts.Calls.Should().BeGreaterThanOrEqualTo(Calls / Callers);
        report.Counts.Should().BeEquivalentTo(new { Quarantined = 1, Names = 1, Persons = 1 });
        report.Counts.DeadLetters.Should().BePositive();
    }

    [Theory]
    [InlineData(Number + "@c.us")]
    [InlineData(LinkedId)]
    public async Task EraseCaller_NumberOfALinkedIdIsKnown_ErasesBoth(string erased)
    {
        await using var host = await SqliteHost.StartAsync(_folder.Path);
        _folder.Execute($"INSERT INTO names (id_instance, chat_id, name, source, expires_at, phone, phone_expires_at) VALUES (1101000001, '{LinkedId}', '', '', 9999999999999, '+{Number}', 9999999999999)");
        await host.Intake.AcceptAsync(Create("A", Caller));
        await host.Intake.AcceptAsync(Create("B", ChatId.Parse(LinkedId)));
        await host.Intake.AcceptAsync(Create("C", ChatId.Parse("70000000102@c.us")));

        var report = await host.Administration.EraseCallerAsync(account: null, ChatId.Parse(erased));

        report.Callers.Should().HaveCount(2);
        report.Counts.Should().BeEquivalentTo(new { Calls = 2, Persons = 2, Names = 1 });
        (await host.Intake.AcceptAsync(Create("B", ChatId.Parse(LinkedId)))).Outcome.Should().Be(IntakeOutcome.Discarded);
        (await host.Intake.AcceptAsync(Create("C", ChatId.Parse("70000000102@c.us")))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [Fact]
    public async Task EraseCaller_CallCannotBeRead_IsErasedByItsText()
    {
        await using var host = await SqliteHost.StartAsync(_folder.Path);
        await host.Intake.AcceptAsync(Create("A", Caller));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work") == 0);
        _folder.Execute($"UPDATE calls SET facts = CAST('no json, {Number}@c.us' AS BLOB)");

        var report = await host.Administration.EraseCallerAsync(account: null, Caller);

        report.Counts.Calls.Should().Be(1);
        host.QueryNumber("SELECT COUNT(*) FROM calls").Should().Be(0);
    }

    [Fact]
    public async Task EraseCaller_OperatorHasTypedTheNumber_DeletesTheLogEntry()
    {
        await using var host = await SqliteHost.StartAsync(_folder.Path);
        host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRejectedException("There is no such customer.");
        await host.Intake.AcceptAsync(Create("A", Caller));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 1);
        _folder.Execute($$"""INSERT INTO administration_log (at, action, filter, count) VALUES (1, 'PurgeDeadLetters', '{"errorContains":"+{{Number}}"}', 1), (1, 'PurgeDeadLetters', '{}', 1)""");

        var report = await host.Administration.EraseCallerAsync(account: null, Caller);

        report.Counts.LogEntries.Should().Be(1);
        (await host.Administration.ListAdministrationLogAsync()).Should().ContainSingle();
    }

    public void Dispose() => _folder.Dispose();

    private static IncomingCallNotification Create(string id, ChatId from, string status = "missed") =>
        SqliteHost.CreateCall(status, id) with { From = from, Timestamp = SqliteHost.Now - TimeSpan.FromMinutes(5) };

    /// <summary>Receives an offer and an outcome of each call, of the callers in turn.</summary>
    private static async Task ReceiveAsync(SqliteHost host, int first, int end, int callers)
    {
        foreach (var calls in Enumerable.Range(first, end - first).Chunk(50))
        {
            await Task.WhenAll(calls.Select(call => host.Intake.AcceptAsync(Create($"{call}", CallerOf(call), "offer")).AsTask()));
            await Task.WhenAll(calls.Select(call => host.Intake.AcceptAsync(Create($"{call}", CallerOf(call), call % 3 == 0 ? "pickUp" : "missed")).AsTask()));
        }

        ChatId CallerOf(int call) => ChatId.Parse($"{70000000101 + (call % callers)}@c.us");
    }

    /// <summary>Finds the files that contain a text. Not while the host runs: closing a file releases the locks that SQLite has on it in this process.</summary>
    private string[] FindFiles(string text) => [.. Directory.EnumerateFiles(Path.GetDirectoryName(_folder.Path)!).Where(file => Contains(file, Encoding.ASCII.GetBytes(text)))];

    private static bool Contains(string file, byte[] text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content.AsSpan().IndexOf(text) >= 0;
    }
}
