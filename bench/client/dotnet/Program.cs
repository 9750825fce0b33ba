// What a change of a large view costs a client; ../run.sh says how it is used.
//   frames FILE   writes the frames of a real room, one a line
//   measure FILE  prints microseconds for each change
//   serve FOLDER  serves a published page, and prints what it measures
using Krmx;
using Krmx.ClientBench;
using Krmx.State;
using Krmx.Testing;

const int Changes = 1000;

switch (args)
{
    case ["frames", string file]:
        File.WriteAllLines(file, MakeFrames());
        return 0;
    case ["measure", string file]:
        string[] frames = File.ReadAllLines(file);
        foreach (int rounds in (int[])[5, 15]) // the first to warm up
        {
            double parts = ViewBench.Median(ViewBench.Measure(frames, Changes, Board.Model, rounds));
            double whole = ViewBench.Median(ViewBench.Measure(frames, Changes, WholeBoard.Model, rounds));
            if (rounds == 15)
                Console.WriteLine($$"""{"parts":{{parts:F1}},"whole":{{whole:F1}}}""");
        }
        return 0;
    case ["serve", string folder]:
        await ServeAsync(folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: Krmx.ClientBench frames FILE | measure FILE | serve FOLDER");
        return 2;
}

static IReadOnlyList<string> MakeFrames()
{
    var room = new TestRoom();
    ServerProjection<Board, Board> board = room.Room.AddProjection("board", Board.Model);
    room.Open();
    // Without a session: nobody answers its acks here.
    TestClient client = room.Connect();
    client.Resumes = false;
    client.AddProjection("board", Board.Model);
    client.Link("ann");
    room.Deliver();
    for (int change = 1; change <= Changes; change++)
    {
        board.Update(state => state.Move(change));
        room.Deliver();
    }
    return client.Received;
}

static async Task ServeAsync(string folder)
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { WebRootPath = Path.GetFullPath(folder) });
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:8099");
    WebApplication app = builder.Build();
    app.UseDefaultFiles();
    app.UseStaticFiles(new StaticFileOptions { ServeUnknownFileTypes = true });
    app.MapPost("/result", async (HttpRequest request) =>
    {
        Console.WriteLine(await new StreamReader(request.Body).ReadToEndAsync());
        app.Lifetime.StopApplication();
    });
    await app.RunAsync();
}
