using System.Diagnostics;

namespace IncomingCalls.PostgreSql.Tests.Hosting;

/// <summary>A small file system in memory, for a tablespace that becomes full. It needs root to be mounted.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-disk-");

    private SmallDisk()
    {
    }

    /// <summary>The reason to skip tests; null under CI, where the test must run.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("CI") is { Length: > 0 } || (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        ? null
        : "A file system can be mounted on Linux by root only.";

    public string Folder => _folder.FullName;

    private string Filler => Path.Combine(Folder, "filler");

    /// <param name="megabytes">The size of the file system.</param>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk();
        try
        {
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Folder);
        }
        catch
        {
            disk._folder.Delete();
            throw;
        }

        try
        {
            // The server of the tests, which root starts without its rights.
            await RunAsync("chown", "nobody:nogroup", disk.Folder);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a file until there is no space left.</summary>
    public async Task FillAsync()
    {
        await using var filler = new FileStream(Filler, FileMode.Create);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                await filler.WriteAsync(block);
                await filler.FlushAsync();
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        // Lazily, since the server may still have files open in it.
        await RunAsync("umount", "-l", Folder);
        _folder.Delete();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors}");
        }
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = Processes.PostgresServer.Missing ?? SmallDisk.Missing;
}
