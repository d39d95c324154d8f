namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>A test that moves a file while it is open.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MovableFileFactAttribute : FactAttribute
{
    public MovableFileFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows moves no file that is open.";
        }
    }
}
