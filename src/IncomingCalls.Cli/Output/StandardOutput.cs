using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IncomingCalls.Cli;

/// <summary>
/// The output stream of the process. The console's own drops what is written into a pipe that nobody reads any more, and says
/// nothing: <c>tail --consume | head -1</c> would go on deleting.
/// </summary>
internal static class StandardOutput
{
    private const int FileDescriptor = 1;

    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.Out;
        }

        try
        {
            var pipe = new AnonymousPipeClientStream(PipeDirection.Out, new SafePipeHandle(FileDescriptor, ownsHandle: false));
            return TextWriter.Synchronized(new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        }
        catch (IOException)
        {
            // It is a file.
            return Console.Out;
        }
    }
}
