using IncomingCalls.Sqlite.Tests.Administration;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Fixtures;

/// <summary>Files of another schema version are refused with one sentence and remain unchanged.</summary>
public sealed class RefusedVersionTests : IDisposable
{
    private readonly InboxFolder _folder = new();

    [Fact]
    public Task Version1_EveryAccess_IsRefused() => ShouldBeRefusedAsync(
        "inbox-v1.db",
        $"The inbox file {_folder.Path} was written by version 1 of IncomingCalls, and nothing in it was changed: run version 1 until nothing is pending in the file, then move it away and start this version with a new file.");

    [Fact]
    public Task Version5_EveryAccess_IsRefused() => ShouldBeRefusedAsync(
        FixtureInbox.Newest,
        $"The inbox file {_folder.Path} was written by a later version of IncomingCalls (schema 5; this version supports 4), and nothing in it was changed. Use that version, or give this one another file (IncomingCalls:Sqlite:Path).",
        version: 5);

    [Theory]
    [InlineData("inbox-v2c.db", 2)]
    [InlineData("inbox-v3.db", 3)]
    public async Task EarlierVersion_Administration_IsRefusedUntilAHostHasOpenedTheFile(string fixture, int version)
    {
        FixtureInbox.CopyTo(fixture, _folder.Path);

        await FailingActions.ShouldAllFailAsync(
            new(_folder.Path),
            $"The inbox file {_folder.Path} was written by an earlier version of IncomingCalls (schema {version}; this version supports 4). Start the host of this version with it once, which updates it.");
        await using var host = await FixtureInbox.StartAsync(_folder.Path, new());

        (await new SqliteInboxFile(_folder.Path).GetStatisticsAsync()).Depth.Should().Be(3);
    }

    public void Dispose() => _folder.Dispose();

    private async Task ShouldBeRefusedAsync(string fixture, string sentence, int? version = null)
    {
        FixtureInbox.CopyTo(fixture, _folder.Path);
        if (version is not null)
        {
            _folder.Execute($"PRAGMA user_version = {version}");
        }

        var before = await File.ReadAllBytesAsync(_folder.Path);
        var starting = () => SqliteHost.StartAsync(_folder.Path, options => options.LockTimeout = TimeSpan.FromSeconds(90));

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage(sentence);
        await FailingActions.ShouldAllFailAsync(new(_folder.Path), sentence);

        (await File.ReadAllBytesAsync(_folder.Path)).Should().Equal(before);
        new FileInfo($"{_folder.Path}-wal").Should().Match<FileInfo>(static log => !log.Exists || log.Length == 0, "nothing was written to the log either");
    }
}
