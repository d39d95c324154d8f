using System.Diagnostics;

namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A file system in memory of a few megabytes.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-disk-");

    private SmallDisk()
    {
    }

    /// <summary>The reason why no file system can be mounted here; null when one can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    public string Path => _folder.FullName;

    private string FillerPath => System.IO.Path.Combine(Path, "filling");

    /// <param name="megabytes">The size in megabytes.</param>
    /// <exception cref="InvalidOperationException">No file system can be mounted here.</exception>
    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk();
        try
        {
            Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", disk.Path);
            return disk;
        }
        catch
        {
            disk._folder.Delete();
            throw;
        }
    }

    /// <summary>Fills the disk to the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(FillerPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var bytes = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(bytes);
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    /// <summary>Deletes the file that fills the disk.</summary>
    public void Free() => File.Delete(FillerPath);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Delete();
    }

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Only Linux has tmpfs.";
        }

        try
        {
            Mount(1).Dispose();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} is not allowed here: {error.Trim()}");
        }
    }
}

/// <summary>A test that needs a disk to fill. Without the right to mount one it is skipped, under CI too, since that right cannot be installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Obstacle;
}
