using System.Diagnostics;
using System.Text;
using Krmx.Client;
using Krmx.Protocol;
using Krmx.State;

namespace Krmx.ClientBench;

/// <summary>Gives a client the frames that a server has sent, and takes the time until its view has changed.</summary>
internal static class ViewBench
{
    /// <summary>Measures.</summary>
    /// <param name="frames">The frames: those that link the client, with the whole view among them, and then one for each change.</param>
    /// <param name="changes">How many changes there are.</param>
    /// <param name="model">What the view is read as.</param>
    /// <param name="rounds">How often.</param>
    /// <returns>Microseconds for each change, a figure for each round.</returns>
    public static double[] Measure<TView>(IReadOnlyList<string> frames, int changes, ProjectionModel<TView, TView> model, int rounds)
        where TView : class
    {
        byte[][] bytes = [.. frames.Select(Encoding.UTF8.GetBytes)];
        double[] figures = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            var client = new KrmxClientCore(new NoOutput());
            ClientProjection<TView> board = client.AddProjection("board", model);
            int seen = 0;
            board.OnChange(_ => seen++);
            IClientInput input = client;
            input.Connecting();
            input.Connected();
            input.Link("ann", null);
            foreach (byte[] frame in bytes[..^changes])
                Receive(input, frame);
            if (board.View is null)
                throw new InvalidOperationException("There is no view.");
            int before = seen;
            long began = Stopwatch.GetTimestamp();
            foreach (byte[] frame in bytes[^changes..])
                Receive(input, frame);
            figures[round] = Stopwatch.GetElapsedTime(began).TotalMicroseconds / changes;
            if (seen - before != changes)
                throw new InvalidOperationException($"Of {changes} changes {seen - before} were seen.");
        }
        return figures;
    }

    public static double Median(double[] figures) => figures.Order().ElementAt(figures.Length / 2);

    private static void Receive(IClientInput client, byte[] frame) => client.FrameReceived(InboundFrame.Parse(frame));

    private sealed class NoOutput : IClientOutput
    {
        public bool IsCongested => false;

        public bool IsBehind => false;

        public string? SessionKey => null;

        public void Send(ReadOnlyMemory<byte> frame)
        {
        }

        public void Confirmed()
        {
        }

        public void LinkChanged(LinkChange change)
        {
        }

        public void RequestEnded(ClientRequest request, RequestOutcome outcome)
        {
        }

        public IDisposable StartTimer(TimeSpan due, Action elapsed) => throw new NotSupportedException();

        public void ProtocolViolated(string what) => throw new InvalidOperationException(what);

        public void PayloadRefused(string messageType, Exception error) => throw new InvalidOperationException(messageType, error);

        public void ListenerFailed(string eventName, Exception error) => throw new InvalidOperationException(eventName, error);
    }
}
