using Krmx;

namespace Boards;

/// <summary>A board with those who are at it: a user for each tab, a person for all tabs of one browser.</summary>
public sealed class BoardRoom : KrmxHandler
{
    private const int MaxTabs = 8; // of one person

    /// <summary>So that nobody who keeps to them can be in the way of others.</summary>
    public static void SetLimits(KrmxOptions options)
    {
        options.Users.Max = 50;
        options.Users.PresenceInterval = TimeSpan.FromMilliseconds(200);
        options.Users.Timeout = TimeSpan.FromMinutes(2); // as long as a client can go on where it left off
        options.Messages.MaxBytes = 8 * 1024;
        options.Messages.MaxPerSecond = 100; // one who drags sends 40
        options.Messages.MaxBurst = 500;
        options.Rooms.Max = 2_000;
        options.Rooms.IdleTimeout = TimeSpan.FromHours(1);
        options.Storage.Retention = TimeSpan.FromDays(30);
        options.Connections.MaxRoomsPerAddress = 100;
    }

    protected override void Configure()
    {
        Room.AddProjection("board", BoardModel.Model);
        Room.Sends<Pointed>();
        Room.OnMessage<Point>((user, at) => Room.BroadcastVolatileExcept(
            user.Name, new Pointed(user.Name, Math.Clamp(at.X, 0, Board.Width), Math.Clamp(at.Y, 0, Board.Height))));
        Room.OnRequest<Profile, Person>(Profile.Type, SetProfile);
    }

    protected override ValueTask<LinkResult> OnAuthenticateAsync(LinkRequest link, CancellationToken cancellationToken)
    {
        try
        {
            Person person = Person.Of(link.Auth);
            return ValueTask.FromResult(ComplaintAbout(link, person) is string complaint ? LinkResult.Reject(complaint) : LinkResult.Accept.WithMeta(person));
        }
        catch (KrmxRefusedException refusal)
        {
            return ValueTask.FromResult(LinkResult.Reject(refusal.Message));
        }
    }

    private string? ComplaintAbout(LinkRequest link, Person person)
    {
        if (!link.IsNewUser)
            return PersonOf(Room.FindUser(link.Username)!).Id == person.Id ? null : "this is somebody else's tab";
        return TabsOf(person).Count() < MaxTabs ? null : $"you have {MaxTabs} tabs with this board, or had them a moment ago: close some";
    }

    /// <summary>A person has one name and colour in all tabs.</summary>
    private Person SetProfile(KrmxUser user, Profile profile)
    {
        Person person = PersonOf(user).With(profile);
        foreach (KrmxUser tab in TabsOf(person).ToArray())
            tab.SetMeta(person);
        return person;
    }

    private IEnumerable<KrmxUser> TabsOf(Person person) => Room.Users.Where(user => PersonOf(user).Id == person.Id);

    /// <summary>Nobody is linked without, see <see cref="OnAuthenticateAsync"/>.</summary>
    private static Person PersonOf(KrmxUser user) => user.Meta!.Deserialize<Person>()!;
}
