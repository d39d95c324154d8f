using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Files;

public class InboxFileTests
{
    [Fact]
    public async Task Start_DatabaseOfAnotherApplication_FailsAndLeavesItUnchanged()
    {
        using var folder = new InboxFolder();
        folder.Execute("CREATE TABLE customers (id INTEGER)");
        var before = await File.ReadAllBytesAsync(folder.Path);

        var starting = () => SqliteHost.StartAsync(folder.Path);

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*database of another application*IncomingCalls:Sqlite:Path*");
        (await File.ReadAllBytesAsync(folder.Path)).Should().Equal(before);
    }

    [Fact]
    public async Task Start_FileIsNoDatabase_FailsAndLeavesItUnchanged()
    {
        using var folder = new InboxFolder();
        await File.WriteAllTextAsync(folder.Path, new string('x', 10_000));

        var starting = () => SqliteHost.StartAsync(folder.Path);

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*is not an inbox file: it is no SQLite database. Check the path*");
        (await File.ReadAllTextAsync(folder.Path)).Should().Be(new string('x', 10_000));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public async Task Start_TruncatedFile_FailsAndLeavesItUnchanged(int length)
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        }

        var left = (await File.ReadAllBytesAsync(folder.Path))[..length];
        await File.WriteAllBytesAsync(folder.Path, left);

        var starting = () => SqliteHost.StartAsync(folder.Path);

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*is damaged; nothing in it was changed*");
        (await File.ReadAllBytesAsync(folder.Path)).Should().Equal(left);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_WalWithoutItsFile_FailsAndLeavesItUnchanged(bool isFileEmpty)
    {
        using var folder = new InboxFolder();
        using var other = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(other.Path))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
            // The write-ahead log of a killed host; a host that stops would move it into the file.
            File.Copy($"{other.Path}-wal", $"{folder.Path}-wal");
        }

        if (isFileEmpty)
        {
            await File.WriteAllBytesAsync(folder.Path, []);
        }

        var before = await File.ReadAllBytesAsync($"{folder.Path}-wal");

        var starting = () => SqliteHost.StartAsync(folder.Path);

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*calls.db-wal contains calls, but the file it belongs to*");
        (await File.ReadAllBytesAsync($"{folder.Path}-wal")).Should().Equal(before);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("data/")]
    [InlineData("/")]
    public async Task Start_PathIsADirectory_FailsAndCreatesNothing(string path)
    {
        using var folder = new InboxFolder();
        var root = Path.GetDirectoryName(folder.Path)!;

        var starting = () => SqliteHost.StartAsync(Path.Combine(root, path), options => options.LockTimeout = TimeSpan.FromSeconds(90));

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*is a folder*IncomingCalls:Sqlite:Path*");
        Directory.GetFileSystemEntries(root).Should().BeEmpty();
    }

    [Fact]
    public async Task Start_DirectoryMissing_IsCreated()
    {
        using var folder = new InboxFolder();
        var path = Path.Combine(Path.GetDirectoryName(folder.Path)!, "deep", "down", "calls.db");

        await using (var host = await SqliteHost.StartAsync(path))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        }

        File.Exists(path).Should().BeTrue();
    }

    [Fact]
    public async Task Stop_Completed_FileIsCompleteAndCanBeMoved()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        }

        File.Exists($"{folder.Path}-wal").Should().BeFalse("the log is moved into the file when it is closed");
        var moved = Path.Combine(Path.GetDirectoryName(folder.Path)!, "moved.db");
        File.Move(folder.Path, moved);
        await using var next = await SqliteHost.StartAsync(moved);
        (await next.Intake.AcceptAsync(SqliteHost.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }
}
