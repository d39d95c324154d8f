using System.Text;

namespace IncomingCalls.Cli.Tests.Output;

/// <summary>A file on a disk without space.</summary>
internal sealed class DiskFullWriter : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => throw new IOException("No space left on device");
}
